# SPDX-License-Identifier: MIT
# Uses Tesela as a stranger would: installs it to an empty prefix (or adds its folder), builds the
# project next to this file against it, and runs the program.
cmake_minimum_required(VERSION 3.25)

function(run out)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE text ERROR_VARIABLE text)
  list(JOIN ARGN " " command)
  message("$ ${command}\n${text}")
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "this command failed (${code}): ${command}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${WORK}")
if(WAY STREQUAL "installed")
  run(_ "${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${WORK}/prefix")
  set(where "-DCMAKE_PREFIX_PATH=${WORK}/prefix")

  # The package holds every header, and no more than headers, CMake files and the licence.
  file(GLOB_RECURSE ours RELATIVE "${SOURCE}/include" "${SOURCE}/include/*.hpp")
  file(GLOB_RECURSE theirs RELATIVE "${WORK}/prefix/include" "${WORK}/prefix/include/*")
  if(NOT ours STREQUAL theirs)
    message(FATAL_ERROR "installed headers differ from include/: '${theirs}' against '${ours}'")
  endif()
  file(GLOB_RECURSE package_files "${WORK}/prefix/share/*.cmake")
  foreach(file IN LISTS package_files)
    file(READ "${file}" content)
    string(FIND "${content}" "${SOURCE}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "${file} points back into the source tree")
    endif()
  endforeach()
else()
  set(where "-DTESELA_SOURCE=${SOURCE}")
endif()

run(configured "${CMAKE_COMMAND}" -S "${SOURCE}/tests/consumer" -B "${WORK}/build" -G "${GENERATOR}"
  "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Release "${where}")
if(WAY STREQUAL "installed" AND NOT configured MATCHES "tesela found in ${WORK}/prefix/")
  message(FATAL_ERROR "find_package(tesela) found another copy than the one just installed")
endif()
run(_ "${CMAKE_COMMAND}" --build "${WORK}/build")
run(said "${WORK}/build/consumer")
if(NOT said MATCHES "tesela ${VERSION}\n")
  message(FATAL_ERROR "the program should say 'tesela ${VERSION}', but said '${said}'")
endif()
