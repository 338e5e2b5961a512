# SPDX-License-Identifier: MIT
# Takes flatten out of the README's program and holds what the compiler says to what the README says.
cmake_minimum_required(VERSION 3.25)

file(READ "${SOURCE}/README.md" readme)
if(NOT readme MATCHES "\n(tesela: layer [^\n]+)\n```")
  message(FATAL_ERROR "README.md shows no compiler error")
endif()
string(REGEX REPLACE "([][+.*()^$?|\\\\])" "\\\\\\1" expected "${CMAKE_MATCH_1}")

file(READ "${SOURCE}/examples/01_train_cnn.cpp" program)
string(REPLACE "\n    | ts::flatten\n" "\n" mistake "${program}")
if(mistake STREQUAL program)
  message(FATAL_ERROR "examples/01_train_cnn.cpp has no line '| ts::flatten'")
endif()
set(CASE "${WORK}/forgotten_flatten.cpp")
file(WRITE "${CASE}" "// expected-error: ${expected}\n// max-lines: 60\n${mistake}")
include("${SOURCE}/tests/compile_fail/run.cmake")
