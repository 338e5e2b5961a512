// SPDX-License-Identifier: MIT
// The instruction set that is compiled for: Highway's macros for it, and none of Highway's code.
//
// Files that end in -inl.hpp are compiled once per instruction set; their guard is toggled by
// hwy/foreach_target.h, so `#pragma once` must never stand in them.
#if defined(TESELA_KERNEL_TARGET_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_TARGET_INL_HPP
#undef TESELA_KERNEL_TARGET_INL_HPP
#else
#define TESELA_KERNEL_TARGET_INL_HPP
#endif

// Highway 1.0.3 takes -march=x86-64-v3 for SSSE3 because AES is not among its flags; we use no AES.
#ifndef HWY_DISABLE_PCLMUL_AES
#define HWY_DISABLE_PCLMUL_AES
#endif
// Highway 1.0.3 does not compile with -march=native on CPUs with AVX3_DL unless that target is
// wanted.
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL
#endif

#include <hwy/detect_targets.h>
#include <hwy/ops/set_macros-inl.h>

#endif  // toggled guard
