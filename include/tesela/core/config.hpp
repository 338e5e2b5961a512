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

// Functions whose definitions stand in a file of their own are inline, and every file has them. With
// TESELA_COMPILED, which linking tesela::compiled sets, the component has them (docs/build_time.md).
#ifdef TESELA_COMPILED
#define TESELA_INLINE
#else
#define TESELA_INLINE inline
#endif
