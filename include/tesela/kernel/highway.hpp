// SPDX-License-Identifier: MIT
// What Highway must be told before any of its headers is included. A file of yours that is compiled
// for several instruction sets includes this one before hwy/foreach_target.h.
#pragma once

// Highway 1.0.3 takes -march=x86-64-v3 for SSSE3 because AES is not among its flags; we use no AES.
#ifndef HWY_DISABLE_PCLMUL_AES
#define HWY_DISABLE_PCLMUL_AES
#endif
// Highway 1.0.3 does not compile with -march=native on CPUs with AVX3_DL unless that target is
// wanted.
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL
#endif
// Register tiles are arrays of vectors, and a vector whose size only the machine knows fits no
// array: SVE machines run NEON, and RISC-V runs scalar code.
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#endif

// After the parameters of a lambda that has to disappear. Compilers inline what is short or called once; a
// lambda over all sums of a register tile is neither, and without this GCC 14 kept them in memory.
#define TESELA_LAMBDA_INLINE HWY_ATTR __attribute__((always_inline))

// Before a loop over the rows or vectors of a register tile, which must become single instructions: GCC does
// so by itself at -O3 only, and at -O2 a step takes 2 to 4 times as long without.
#define TESELA_UNROLL _Pragma("GCC unroll 16")
