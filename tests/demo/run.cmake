# SPDX-License-Identifier: MIT
# Included by the others: runs the demo in an empty folder.
#   demo(<flags>...)  sets code, said (both streams), out and err
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}/here")

macro(demo)
  execute_process(COMMAND "${DEMO}" ${ARGN} WORKING_DIRECTORY "${WORK}/here"
    RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE err)
endmacro()

macro(expect what)
  if(NOT (${ARGN}))
    message(SEND_ERROR "${what}; exit code ${code}\n${out}\n${err}")
  endif()
endmacro()
