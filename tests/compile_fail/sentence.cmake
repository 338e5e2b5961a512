# SPDX-License-Identifier: MIT
# Puts the sentence of a diagnostic together again: what a reader sees, without how it is spelled.
#
#   g++    tesela::mistake<text<28>{"layer 5 linear<120> expects"}>
#   clang  tesela::mistake<text<21>{"layer 5 linear<120> "}, text<8>{"expects"}>   (or {{...}})
#   both   mistake<"layer 5 linear<120> expects">
function(tesela_join_sentence out line)
  string(REGEX REPLACE "tesela::(detail::)?" "" line "${line}")
  string(REGEX REPLACE "\"}+, *text<[0-9]+[uUlL]*> *{+\"" "" line "${line}")
  string(REGEX REPLACE "text<[0-9]+[uUlL]*> *{+\"" "\"" line "${line}")
  string(REGEX REPLACE "\"}+" "\"" line "${line}")
  set(${out} "${line}" PARENT_SCOPE)
endfunction()
