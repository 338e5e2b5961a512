# SPDX-License-Identifier: MIT
# The warnings our own code is built with; dependencies are SYSTEM and users' code is left alone.
add_library(tesela_warnings INTERFACE)
target_compile_options(tesela_warnings INTERFACE
  -Wall -Wextra -Wpedantic
  -Wconversion       # float narrowed from double, index narrowed from size_t: wrong numbers, no crash
  -Wsign-conversion  # a negative index turned into 2^64 - 1
  -Wshadow           # a shape parameter hidden by a local of the same name
  # GCC 12 at -O2 calls "text" + std::string an overlapping copy (GCC bug 105651, fixed in 13).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
