# SPDX-License-Identifier: MIT
# Compiles inference.cpp without exceptions and RTTI, and looks into the object: it may be so large, and
# may ask nobody for anything but the three functions that compilers themselves call to move bytes.
#   cmake -D COMPILER=<compiler.cmake> -D FILE=<source> -D NM=<nm> -D SIZE=<size> -D FLAGS=<flags>
#         -D OBJECT=<file.o> -D LIMIT=<bytes of the file> -P object.cmake
cmake_minimum_required(VERSION 3.25)
include("${COMPILER}")
set(may_ask_for memcpy memmove memset _GLOBAL_OFFSET_TABLE_)

list(TRANSFORM directories PREPEND -I)
list(REMOVE_ITEM directories -I/usr/include)
separate_arguments(FLAGS UNIX_COMMAND "${FLAGS}")
execute_process(
  COMMAND "${compiler}" -std=c++20 -fno-exceptions -fno-rtti ${FLAGS} ${directories}
    -c "${FILE}" -o "${OBJECT}"
  COMMAND_ERROR_IS_FATAL ANY)

execute_process(COMMAND "${NM}" -P "${OBJECT}" OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^ \n]+ U[^\n]*" asked "${symbols}")
foreach(line IN LISTS asked)
  string(REGEX REPLACE " U.*" "" symbol "${line}")
  if(NOT symbol IN_LIST may_ask_for)
    message(SEND_ERROR "the object asks for ${symbol}, which a device may not have")
  endif()
endforeach()
if(NOT symbols MATCHES "scores[^\n]* T ")
  message(SEND_ERROR "the object has no function 'scores': the test would prove nothing\n${symbols}")
endif()
# Thread-local and guarded variables are initialised at run time, some of them on the heap.
if(symbols MATCHES "_ZG[VR]|_ZTH|_ZTW")
  message(SEND_ERROR "the object initialises variables at run time:\n${symbols}")
endif()

# Code and constants, without variables that begin as zeros.
execute_process(COMMAND "${SIZE}" "${OBJECT}" OUTPUT_VARIABLE table COMMAND_ERROR_IS_FATAL ANY)
if(NOT table MATCHES "\n *([0-9]+)[ \t]+([0-9]+)")
  message(FATAL_ERROR "cannot read what size says: ${table}")
endif()
math(EXPR bytes "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2}")
file(SIZE "${OBJECT}" file_bytes)
message("${bytes} bytes of code and data in an object of ${file_bytes}: ${FLAGS}")
if(file_bytes GREATER LIMIT)
  message(SEND_ERROR "a file of ${file_bytes} bytes is larger than ${LIMIT}")
endif()
