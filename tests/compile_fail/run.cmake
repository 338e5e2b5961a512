# SPDX-License-Identifier: MIT
# Compiles one case with its mistake and judges what the compiler says (see CMakeLists.txt).
#   cmake -D COMPILER=<compiler.cmake> -D CASE=<file.cpp> -P run.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/sentence.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/arguments.cmake")

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

# With the headers read before, a case takes less than half the time, and is one of a program that includes
# tesela.hpp: what the compiler says, line by line, is what it says then.
set(before "")
if(precompiled)
  set(before -include "${precompiled}")
endif()

# The language of the messages must not depend on who runs the test, nor their shape on a terminal.
set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${compiler}" ${arguments} ${before} -DTESELA_MISTAKE
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
