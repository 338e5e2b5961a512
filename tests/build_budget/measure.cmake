# SPDX-License-Identifier: MIT
# Measures one figure of one program and compares it with limits.json, or writes it there.
#   cmake -D WHAT=[compiled_]instantiations|object -D PROGRAM=<name> -D FILE=<its source> -D COMPILER=<g++>
#         -D CLANG=<clang++> -D PROCESSOR=<name> -D WORK=<folder> -D LIMITS=<limits.json>
#         [-D REFRESH=ON] -P measure.cmake
cmake_minimum_required(VERSION 3.25)
include("${WORK}/directories.cmake")

# The same code on every machine that has these flags, whatever its processor can do.
if(NOT PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  message("budget: skipped, its figures are of x86-64 and this is ${PROCESSOR}")
  return()
endif()
set(flags -std=c++20 -march=x86-64-v3 -maes -mpclmul)
list(TRANSFORM directories PREPEND -I)
string(REGEX REPLACE "^compiled_" "" kind "${WHAT}")
if(NOT kind STREQUAL WHAT)  # as what links libtesela is compiled; those flags are for AVX2
  list(APPEND flags -DTESELA_COMPILED=N_AVX2)
endif()

# "g++ 12", "clang 16": nothing where it is neither.
function(name_of compiler out)
  execute_process(COMMAND "${compiler}" --version OUTPUT_VARIABLE words ERROR_QUIET
    RESULT_VARIABLE failed)
  set(${out} "" PARENT_SCOPE)
  if(failed)
    return()
  elseif(words MATCHES "clang version ([0-9]+)")
    set(${out} "clang ${CMAKE_MATCH_1}" PARENT_SCOPE)
  elseif(words MATCHES "Free Software Foundation" AND words MATCHES "\\) ([0-9]+)\\.")
    set(${out} "g++ ${CMAKE_MATCH_1}" PARENT_SCOPE)
  endif()
endfunction()

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed ERROR_VARIABLE words)
  if(failed)
    message(FATAL_ERROR "budget: ${PROGRAM} does not compile: ${words}")
  endif()
endfunction()

if(kind STREQUAL "instantiations")
  name_of("${CLANG}" version)
  if(NOT version MATCHES "^clang ([0-9]+)$" OR CMAKE_MATCH_1 LESS 16)
    message("budget: skipped, no clang of version 16 or newer counts instantiations here")
    return()
  endif()
  set(counted "template instantiations")
else()
  name_of("${COMPILER}" version)
  if(NOT version MATCHES "^g\\+\\+")
    message("budget: skipped, sizes of objects are of g++ and this is '${COMPILER}'")
    return()
  endif()
  set(counted "bytes of code and data")
endif()

file(READ "${LIMITS}" limits)
string(JSON allowed ERROR_VARIABLE unknown GET "${limits}" ${WHAT} "${version}" ${PROGRAM} allowed)
if(unknown AND NOT REFRESH)
  message("budget: skipped, ${LIMITS} has no figure of ${version} for ${WHAT} of ${PROGRAM}; "
    "the target build_budget_refresh adds it")
  return()
endif()

if(kind STREQUAL "instantiations")
  set(trace "${WORK}/${WHAT}_${PROGRAM}.json")
  run("${CLANG}" ${flags} ${directories} -fsyntax-only -Xclang -ftime-trace=${trace}
    -Xclang -ftime-trace-granularity=0 "${FILE}")
  file(READ "${trace}" events)
  file(REMOVE "${trace}")
  string(REGEX MATCHALL "\"name\":\"Instantiate(Class|Function)\"" found "${events}")
  list(LENGTH found measured)
else()
  # As small programs are measured by their users; the others are compiled faster, and what doubles the
  # code at -O3 does so at -O1.
  set(level -O1)
  if(PROGRAM STREQUAL "m07_inference")
    set(level -O3)
  endif()
  set(object "${WORK}/${WHAT}_${PROGRAM}.o")
  run("${COMPILER}" ${flags} ${level} ${directories} -c "${FILE}" -o "${object}")
  execute_process(COMMAND size "${object}" OUTPUT_VARIABLE table COMMAND_ERROR_IS_FATAL ANY)
  if(NOT table MATCHES "\n *([0-9]+)[ \t]+([0-9]+)")
    message(FATAL_ERROR "budget: cannot read what size says: ${table}")
  endif()
  math(EXPR measured "${CMAKE_MATCH_1} + ${CMAKE_MATCH_2}")
endif()
if(measured EQUAL 0)
  message(FATAL_ERROR "budget: counted no ${counted} in ${PROGRAM}: the compiler's report has changed")
endif()

if(REFRESH)
  math(EXPR allowed "${measured} + ${measured} / 10")
  foreach(path IN ITEMS "${WHAT}" "${WHAT};${version}")
    string(JSON there ERROR_VARIABLE missing GET "${limits}" ${path})
    if(missing)
      string(JSON limits SET "${limits}" ${path} "{}")
    endif()
  endforeach()
  string(JSON limits SET "${limits}" ${WHAT} "${version}" ${PROGRAM}
    "{\"measured\": ${measured}, \"allowed\": ${allowed}}")
  file(WRITE "${LIMITS}" "${limits}\n")
  message("budget: ${PROGRAM}, ${version}: ${measured} ${counted}, allowed from now on ${allowed}")
elseif(measured GREATER allowed)
  message(FATAL_ERROR
    "budget: ${PROGRAM} has ${measured} ${counted} with ${version}, allowed are ${allowed}. If what was "
    "added is worth it, build the target build_budget_refresh, which writes ${LIMITS}, and say in the "
    "commit what it buys.")
else()
  message("budget: ${PROGRAM}, ${version}: ${measured} ${counted} of ${allowed}")
endif()
