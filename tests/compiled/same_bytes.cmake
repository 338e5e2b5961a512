# SPDX-License-Identifier: MIT
# Runs two programs, each in a folder of its own, and compares every file they write.
#   cmake -D ONE=<program> -D OTHER=<program> -D WORK=<folder> -P same_bytes.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE "${WORK}")
foreach(way IN ITEMS ONE OTHER)
  file(MAKE_DIRECTORY "${WORK}/${way}")
  execute_process(COMMAND "${${way}}" "${WORK}/${way}" COMMAND_ERROR_IS_FATAL ANY)
  file(GLOB ${way}_files RELATIVE "${WORK}/${way}" "${WORK}/${way}/*")
endforeach()
if(NOT ONE_files OR NOT ONE_files STREQUAL OTHER_files)
  message(FATAL_ERROR "the programs wrote '${ONE_files}' and '${OTHER_files}'")
endif()
foreach(file IN LISTS ONE_files)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files
    "${WORK}/ONE/${file}" "${WORK}/OTHER/${file}" RESULT_VARIABLE differ)
  if(differ)
    message(FATAL_ERROR "${file} differs")
  endif()
  message("${file}: the same bytes")
endforeach()
