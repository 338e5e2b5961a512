# SPDX-License-Identifier: MIT
# docs/errors.md, made of the cases in tests/compile_fail: their sentences, how they happen, what to write.
#   cmake -D SOURCE=<repository> -P errors.cmake            writes the page
#   cmake -D SOURCE=<repository> -D CHECK=ON -P errors.cmake  fails where the page is not what it should be
cmake_minimum_required(VERSION 3.25)

# Topics in the order of a program, and the names of the cases that belong to each: <name>_<mistake>.cpp.
set(topics
  "Where a network begins|input"
  "Joining layers|join|layer"
  "What shape is it here?|print"
  "linear and flatten|linear|flatten"
  "conv2d|conv2d|vgg11"
  "max_pool2d|max_pool2d"
  "Layers of your own|own"
  "Dropout|dropout"
  "Activations|activation|celu|elu|gelu|hard|leaky|softplus|softshrink|threshold"
  "Expressions, gradients and losses of your own|expression|expr|tensor|variable|gradient|loss"
  "A model|model"
  "Running a model|workspace|forward"
  "Models without a heap|static"
  "Memory and summary|memory|summary"
  "Datasets|dataset|split|subset|copy|z|normalize|cifar10|shapes"
  "A trainer|trainer|cross"
  "Optimizers|optimizer"
  "Penalties, clipping and schedules|penalty|clip|schedule|range"
  "fit and evaluate|fit|evaluate|history"
  "Callbacks|callback"
  "Files|save|load|resume|checkpoint|learning")

file(GLOB cases RELATIVE "${SOURCE}/tests/compile_fail" "${SOURCE}/tests/compile_fail/*.cpp")
list(SORT cases)
set(other "")
foreach(topic IN LISTS topics)
  string(REPLACE "|" ";" names "${topic}")
  list(POP_FRONT names title)
  foreach(name IN LISTS names)
    set(topic_of_${name} "${title}")
  endforeach()
  set(text_${title} "")
endforeach()

# A line of the case as a line of a diff.
function(diff_lines out sign text)
  if(text STREQUAL "")
    set(${out} "" PARENT_SCOPE)
    return()
  endif()
  string(REGEX REPLACE "\n$" "" text "${text}")
  string(REPLACE "\n" "\n${sign}" text "${text}")
  set(${out} "${sign}${text}\n" PARENT_SCOPE)
endfunction()

set(count 0)
foreach(case IN LISTS cases)
  file(READ "${SOURCE}/tests/compile_fail/${case}" source)
  if(NOT source MATCHES "^// expected-error: mistake<\"tesela: ([^\n]*)\">\n")
    continue()  # no sentence of ours
  endif()
  string(REGEX REPLACE "\\\\(.)" "\\1" sentence "${CMAKE_MATCH_1}")
  string(REPLACE "\\\"" "\"" sentence "${sentence}")
  if(NOT source MATCHES "// SPDX-License-Identifier: MIT\n((//[^\n]*\n)+)")
    message(FATAL_ERROR "${case}: say behind the SPDX line how the mistake happens")
  endif()
  string(REGEX REPLACE "(^|\n)// ?" "\\1" how "${CMAKE_MATCH_1}")
  set(wrong "")
  set(right "")
  if(source MATCHES "#ifdef TESELA_MISTAKE\n(.*)#else\n(.*)#endif\n")
    set(wrong "${CMAKE_MATCH_1}")
    set(right "${CMAKE_MATCH_2}")
  elseif(source MATCHES "#ifdef TESELA_MISTAKE\n(.*)#endif\n")
    set(wrong "${CMAKE_MATCH_1}")
  elseif(source MATCHES "#ifndef TESELA_MISTAKE\n(.*)#endif\n")
    set(right "${CMAKE_MATCH_1}")
  else()
    message(FATAL_ERROR "${case}: needs #ifdef TESELA_MISTAKE and #endif")
  endif()
  diff_lines(wrong "-" "${wrong}")
  diff_lines(right "+" "${right}")
  string(REGEX MATCH "^[a-z]+(2d|11)?|^max_pool2d" name "${case}")
  if(case MATCHES "^max_pool2d")
    set(name max_pool2d)
  endif()
  if(DEFINED topic_of_${name})
    set(title "${topic_of_${name}}")
  else()
    set(title "Other")
  endif()
  string(APPEND text_${title} "```text\n${sentence}\n```\n\n${how}\n```diff\n${wrong}${right}```\n\n")
  math(EXPR count "${count} + 1")
endforeach()

set(page "# What the compiler says, and what to do about it

A network, a trainer or a call that cannot work does not compile. The first line of the compiler's output that contains `error:`
then holds one sentence that begins with `tesela:` and says what is wrong, what was expected, what was found and what to write. g++
prints it in one piece; Clang prints it in several, between quotes, to be read on. Below each of these ${count} sentences stands how
the mistake happens: the line with `-` is wrong, the line with `+` is right.

Some mistakes are the language's and not ours to word: a name that does not exist, a missing comma, braces behind a value
(`relu{}` instead of `relu`), a template without its arguments (`linear` instead of `linear<10>`), a value where a type belongs
(`model<net>` instead of `model{net}`), a setting that a struct does not have (`adam{.lr = 1e-3f}` instead of
`adam{.learning_rate = 1e-3f}`), a number that does not fit (`{.epochs = -1}`). The compiler's own words for these are short and name
the place.

This page is made of the test cases in [tests/compile_fail](../tests/compile_fail/CMakeLists.txt) by
`cmake --build <folder> --target errors_page`; do not edit it.

")
foreach(topic IN LISTS topics ITEMS "Other|other")
  string(REGEX REPLACE "[|].*" "" title "${topic}")
  if(NOT "${text_${title}}" STREQUAL "")
    string(APPEND page "## ${title}\n\n${text_${title}}")
  endif()
endforeach()
string(REGEX REPLACE "\n\n$" "\n" page "${page}")

set(file "${SOURCE}/docs/errors.md")
if(CHECK)
  if(count LESS 60)
    message(FATAL_ERROR "${count} sentences: the cases were not found")
  endif()
  set(committed "")
  if(EXISTS "${file}")
    file(READ "${file}" committed)
  endif()
  if(NOT committed STREQUAL page)
    message(FATAL_ERROR
      "docs/errors.md is not what the cases say: build the target errors_page and commit the page")
  endif()
  message("docs/errors.md holds ${count} sentences")
else()
  file(WRITE "${file}" "${page}")
  message("docs/errors.md: ${count} sentences")
endif()
