// SPDX-License-Identifier: MIT
// The version of the library and what it asks of the compiler.
#pragma once

#define TESELA_VERSION_MAJOR 0
#define TESELA_VERSION_MINOR 1
#define TESELA_VERSION_PATCH 0

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "Tesela needs C++20: compile with -std=c++20 or newer (CMake: link tesela::tesela)"
#endif

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 12
#error "Tesela needs GCC 12 or newer"
#endif
