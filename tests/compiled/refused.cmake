# SPDX-License-Identifier: MIT
# Compiles a file that must be refused; the first line with "error:" must match.
#   cmake -D COMPILER=<compiler.cmake> -D FILE=<file.cpp> -D MORE=<options> -D SENTENCE=<expression>
#         -P refused.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../compile_fail/sentence.cmake")
include("${COMPILER}")

list(FILTER options EXCLUDE REGEX "^SHELL:")
list(TRANSFORM definitions PREPEND -D)
list(TRANSFORM directories PREPEND -I)
list(REMOVE_ITEM directories -I/usr/include)  # naming it would change the order of system headers
set(ENV{LC_ALL} C)
execute_process(
  COMMAND "${compiler}" ${options} ${definitions} ${directories} ${MORE}
    -fno-diagnostics-color -fsyntax-only "${FILE}"
  RESULT_VARIABLE code ERROR_VARIABLE said OUTPUT_VARIABLE said)
if(code EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles with ${MORE}")
endif()
string(REPLACE ";" "," said "${said}")
if(NOT said MATCHES "([^\n]*error:[^\n]*)")
  message(FATAL_ERROR "no error line:\n${said}")
endif()
tesela_join_sentence(sentence "${CMAKE_MATCH_1}")
message("${sentence}")
if(NOT sentence MATCHES "${SENTENCE}")
  message(FATAL_ERROR "the first error does not match\n  ${SENTENCE}\nthe compiler said\n${said}")
endif()
