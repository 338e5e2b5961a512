# SPDX-License-Identifier: MIT
# The commands of a newcomer answer --help and refuse nonsense before they install or build anything.
#   cmake -D SOURCE=<repository> -D WORK=<folder to use> [-D EXAMPLE=<program>] -P scripts.cmake
cmake_minimum_required(VERSION 3.25)

# An almost empty PATH: no package manager, compiler or CMake is in reach.
file(MAKE_DIRECTORY "${WORK}/bin")
foreach(tool IN ITEMS bash env dirname cat)
  find_program(path_${tool} ${tool} REQUIRED)
  file(CREATE_LINK "${path_${tool}}" "${WORK}/bin/${tool}" SYMBOLIC)
endforeach()
set(ENV{PATH} "${WORK}/bin")

function(expect code_wanted text_wanted)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}"
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(NOT code EQUAL code_wanted OR NOT said MATCHES "${text_wanted}")
    message(SEND_ERROR
      "${ARGN}: wanted code ${code_wanted} and '${text_wanted}', got ${code} and:\n${said}")
  endif()
endfunction()

expect(0 "usage: scripts/demo .*--data .*--epochs .*--threads .*--json" "${SOURCE}/scripts/demo" --help)
expect(0 "usage: scripts/demo" "${SOURCE}/scripts/demo" --epochs 3 -h)
expect(0 "usage: scripts/test .*--preset" "${SOURCE}/scripts/test" --help)
expect(2 "unknown preset 'nonsense'.*dev-gcc" "${SOURCE}/scripts/test" --preset nonsense)
expect(2 "--preset needs a name" "${SOURCE}/scripts/test" --preset)
expect(2 "--jobs needs a number" "${SOURCE}/scripts/test" --jobs many)
expect(2 "unknown option '--fast'" "${SOURCE}/scripts/test" --fast)
expect(0 "usage: scripts/bench .*--quick.*--json FILE.*--case NAME.*--threads N"
  "${SOURCE}/scripts/bench" --help)
expect(2 "--json needs a value" "${SOURCE}/scripts/bench" --quick --json)
expect(2 "--case needs a value" "${SOURCE}/scripts/bench" --case)
expect(2 "--threads needs numbers" "${SOURCE}/scripts/bench" --threads many)
expect(2 "unknown option '--slow'" "${SOURCE}/scripts/bench" --slow)
expect(0 "usage: scripts/build-times .*--headers.*--programs.*--runs N"
  "${SOURCE}/scripts/build-times" --help)
expect(2 "--runs needs a number" "${SOURCE}/scripts/build-times" --runs many)
expect(2 "unknown option '--all'" "${SOURCE}/scripts/build-times" --all)

# What the wrapper promises, the example it starts must know.
if(EXAMPLE)
  execute_process(COMMAND "${SOURCE}/scripts/demo" --help OUTPUT_VARIABLE promised)
  execute_process(COMMAND "${EXAMPLE}" --help OUTPUT_VARIABLE known)
  string(REGEX MATCHALL "--[a-z]+" flags "${promised}")
  list(REMOVE_DUPLICATES flags)
  foreach(flag IN LISTS flags)
    if(NOT known MATCHES "${flag}[^a-z-]")
      message(SEND_ERROR "scripts/demo --help names ${flag}, the example does not know it")
    endif()
  endforeach()
endif()
