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

#include "tesela/kernel/highway.hpp"

#include <hwy/detect_targets.h>
#include <hwy/ops/set_macros-inl.h>

#endif  // toggled guard
