# SPDX-License-Identifier: MIT
# The runner must refuse: a wrong sentence, a mistake that compiles, a flood of output, a sentence
# that is not in the first error line, a case without expectation; and it must accept the control.
#   cmake -D COMPILER=<compiler.cmake> -P run.cmake
cmake_minimum_required(VERSION 3.25)
get_filename_component(work "${COMPILER}" DIRECTORY)
set(work "${work}/self_test")
file(REMOVE_RECURSE "${work}")
file(MAKE_DIRECTORY "${work}")

# judge(<file> <expected text in the runner's output, or ACCEPTED>)
function(judge file expected)
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -D "COMPILER=${COMPILER}" -D "CASE=${file}"
      -P "${CMAKE_CURRENT_LIST_DIR}/../run.cmake"
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  string(REGEX REPLACE "[ \n]+" " " said "${said}")  # message() wraps its lines
  if(expected STREQUAL "ACCEPTED")
    if(NOT code EQUAL 0)
      message(SEND_ERROR "${file} should be accepted, but the runner said: ${said}")
    endif()
  elseif(code EQUAL 0)
    message(SEND_ERROR "${file} should be refused ('${expected}'), but was accepted")
  elseif(NOT said MATCHES "${expected}")
    message(SEND_ERROR "${file} should be refused with '${expected}', but the runner said: ${said}")
  endif()
endfunction()

function(judge_source name content expected)
  file(WRITE "${work}/${name}.cpp" "${content}")
  judge("${work}/${name}.cpp" "${expected}")
endfunction()

judge("${CMAKE_CURRENT_LIST_DIR}/control.cpp" ACCEPTED)
file(READ "${CMAKE_CURRENT_LIST_DIR}/control.cpp" control)
string(REPLACE "expected-error: mistake<\"a sentence" "expected-error: mistake<\"a phrase"
  wrong "${control}")
judge_source(wrong_sentence "${wrong}" "first error line does not match")
string(REPLACE "#ifdef TESELA_MISTAKE" "#ifdef TESELA_NEVER" compiles "${control}")
judge_source(mistake_compiles "${compiles}" "the mistake compiles")
string(REPLACE "\n// SPDX" "\n// max-lines: 1\n// SPDX" flood "${control}")
judge_source(too_many_lines "${flood}" "at most 1 are allowed")
string(REPLACE "#ifdef TESELA_MISTAKE" "#ifdef TESELA_MISTAKE\nint x = \"no\";" second "${control}")
judge_source(not_the_first_error "${second}" "first error line does not match")
judge_source(no_expectation "int main() {}\n" "the first line must be")

include("${CMAKE_CURRENT_LIST_DIR}/../sentence.cmake")
foreach(spelling IN ITEMS
    [[mistake<text<28>{"layer 5 linear<120> expects"}>]]
    [[tesela::mistake<text<21>{"layer 5 linear<120> "}, text<8>{"expects"}>]]
    [[tesela::mistake<tesela::text<21>{{"layer 5 linear<120> "}}, tesela::text<8>{{"expects"}}>]])
  tesela_join_sentence(joined "${spelling}")
  if(NOT joined STREQUAL "mistake<\"layer 5 linear<120> expects\">")
    message(SEND_ERROR "'${spelling}' became '${joined}'")
  endif()
endforeach()
