# SPDX-License-Identifier: MIT
# Compiles one case with its mistake and judges what the compiler says (see CMakeLists.txt).
#   cmake -D COMPILER=<compiler.cmake> -D CASE=<file.cpp> -P run.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/sentence.cmake")
include("${COMPILER}")

file(READ "${CASE}" source)
if(NOT source MATCHES "^// expected-error: ([^\n]+)\n")
  message(FATAL_ERROR "${CASE}: the first line must be '// expected-error: <regular expression>'")
endif()
set(expected "${CMAKE_MATCH_1}")
# A sentence as it stands, with or without backslashes for those who read it as an expression.
string(REGEX REPLACE "\\\\(.)" "\\1" literal "${expected}")
string(REPLACE ";" "," literal "${literal}")  # as in what the compiler said
set(max_lines 15)
if(source MATCHES "^[^\n]*\n// max-lines: ([0-9]+)\n")
  set(max_lines ${CMAKE_MATCH_1})
endif()

# What a compiler does not get as far as: "// skip: clang below 18".
if(source MATCHES "\n// skip: clang below ([0-9]+)\n")
  set(from ${CMAKE_MATCH_1})
  if(compiler_id MATCHES "Clang" AND compiler_version VERSION_LESS from)
    message("skipped: ${compiler_id} ${compiler_version}")
    return()
  endif()
endif()

# CMake's mark for an option made of several words.
set(arguments "")
foreach(option IN LISTS options)
  string(REGEX REPLACE "^SHELL:" "" option "${option}")
  separate_arguments(option UNIX_COMMAND "${option}")
  list(APPEND arguments ${option})
endforeach()
list(TRANSFORM definitions PREPEND -D)
list(TRANSFORM directories PREPEND -I)
list(REMOVE_ITEM directories -I/usr/include)  # naming it would change the order of system headers
# The language of the messages must not depend on who runs the test, nor their shape on a terminal.
set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${compiler}" ${arguments} ${definitions} -DTESELA_MISTAKE ${directories}
    -fno-diagnostics-color -c "${CASE}" -o /dev/null
  RESULT_VARIABLE code ERROR_VARIABLE said OUTPUT_VARIABLE said)

if(code EQUAL 0)
  message(FATAL_ERROR "${CASE}: the mistake compiles")
endif()
# A semicolon would split the text into a list.
string(REPLACE ";" "," said "${said}")
if(NOT said MATCHES "([^\n]*error:[^\n]*)")
  message(FATAL_ERROR "${CASE}: the compiler failed (${code}) without an error line:\n${said}")
endif()
tesela_join_sentence(sentence "${CMAKE_MATCH_1}")
message("${sentence}")
# Clang 19 writes an array's type without the blank.
string(REGEX REPLACE "([a-z]) ?\\[([0-9]+)\\]" "\\1 [\\2]" sentence "${sentence}")
string(FIND "${sentence}" "${literal}" found)
if(found EQUAL -1 AND NOT sentence MATCHES "${expected}")
  message(FATAL_ERROR
    "${CASE}: the first error line does not match\n  ${expected}\nthe compiler said\n${said}")
endif()
string(REGEX MATCHALL "[^\n]*error:" errors "${said}")
list(LENGTH errors errors)
if(errors GREATER 1)
  message(FATAL_ERROR "${CASE}: ${errors} errors for one mistake; the compiler said\n${said}")
endif()
string(REGEX REPLACE "[^\n]" "" lines "${said}")
string(LENGTH "${lines}" lines)
if(lines GREATER max_lines)
  message(FATAL_ERROR
    "${CASE}: ${lines} lines of output, at most ${max_lines} are allowed; the compiler said\n${said}")
endif()
