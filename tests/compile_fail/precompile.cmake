# SPDX-License-Identifier: MIT
# Reads all headers before the cases do (g++), and writes what they depend on for the build tool.
#   cmake -D COMPILER=<compiler.cmake> -D HEADER=<tesela.hpp> -D OUTPUT=<file.gch> -P precompile.cmake
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/arguments.cmake")
string(REGEX REPLACE "[.]gch$" "" include "${OUTPUT}")
file(WRITE "${include}" "#include \"${HEADER}\"\n")
execute_process(
  COMMAND "${compiler}" ${arguments} -x c++-header "${include}" -o "${OUTPUT}"
    -MD -MF "${OUTPUT}.d" -MT "${OUTPUT}"
  COMMAND_ERROR_IS_FATAL ANY)
