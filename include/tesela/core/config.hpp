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

// A member that takes no room if it is empty. Clang 16 puts what follows such a member beyond the end of the
// object where that one has padding at its end (not 19; those between were not at hand).
#if defined(__clang__) && __clang_major__ < 19
#define TESELA_NO_UNIQUE_ADDRESS
#else
#define TESELA_NO_UNIQUE_ADDRESS [[no_unique_address]]
#endif

// Where definitions are. A file x.hpp that has x.ipp beside it declares, and x.ipp defines. Usually
// x.hpp includes x.ipp, every file has all definitions, and functions among them are inline. With
// TESELA_COMPILED, which linking tesela::compiled defines, it does not: libtesela has them, where src/
// compiles every x.ipp once. kernel/isa-inl.hpp does the same with its two files of definitions.
#ifdef TESELA_COMPILED
#define TESELA_INLINE
#else
#define TESELA_INLINE inline
#endif
