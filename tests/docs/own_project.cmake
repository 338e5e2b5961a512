# SPDX-License-Identifier: MIT
# Builds and runs the project that README.md tells users to copy, against an installed Tesela.
cmake_minimum_required(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${ARGN} failed (${code}):\n${said}")
  endif()
  set(said "${said}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}/own_project")
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/own_project/prefix")
run("${CMAKE_COMMAND}" -S "${SOURCE}/examples/own_project" -B "${WORK}/own_project/build"
  -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Release
  "-DCMAKE_PREFIX_PATH=${WORK}/own_project/prefix")
run("${CMAKE_COMMAND}" --build "${WORK}/own_project/build")
run("${WORK}/own_project/build/own_project")
if(NOT said MATCHES "^67 weights, [A-Z0-9_]+, scores ")
  message(FATAL_ERROR "own_project said: ${said}")
endif()
