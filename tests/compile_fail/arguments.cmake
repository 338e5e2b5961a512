# SPDX-License-Identifier: MIT
# What the file COMPILER says, as arguments of a call, in `arguments`.
include("${COMPILER}")
set(arguments "")
foreach(option IN LISTS options)
  string(REGEX REPLACE "^SHELL:" "" option "${option}")  # CMake's mark for an option of several words
  separate_arguments(option UNIX_COMMAND "${option}")
  list(APPEND arguments ${option})
endforeach()
list(TRANSFORM definitions PREPEND -D)
list(TRANSFORM directories PREPEND -I)
list(REMOVE_ITEM directories -I/usr/include)  # naming it would change the order of system headers
list(APPEND arguments ${definitions} ${directories})
