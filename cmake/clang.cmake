# SPDX-License-Identifier: MIT
# Toolchain of the Clang presets: $CXX if it is set, else the oldest supported Clang installed.
if(DEFINED ENV{CXX})
  set(CMAKE_CXX_COMPILER "$ENV{CXX}")
else()
  find_program(TESELA_CLANG
    NAMES clang++-16 clang++-17 clang++-18 clang++-19 clang++-20 clang++-21 clang++ REQUIRED)
  set(CMAKE_CXX_COMPILER "${TESELA_CLANG}")
endif()
