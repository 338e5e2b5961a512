// SPDX-License-Identifier: MIT
// The door to Google Highway: one version shim, and the register tile of each target.
//
// Only files of this folder include Highway: this one its code, target-inl.hpp its macros.
#if defined(TESELA_KERNEL_SIMD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_SIMD_INL_HPP
#undef TESELA_KERNEL_SIMD_INL_HPP
#else
#define TESELA_KERNEL_SIMD_INL_HPP
#endif

#include "tesela/kernel/target-inl.hpp"  // before Highway: it says which targets there are

#include <hwy/cache_control.h>
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cstddef>

#include "tesela/tensor/block.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

inline constexpr std::size_t kLanes = hn::MaxLanes(D());
static_assert(block_lanes % kLanes == 0, "a block must be a whole number of vectors");

// The register tile of a product: kTileRows x kTileVectors accumulators, one row of B and one
// broadcast of A. Two vectors amortise the broadcast; as many rows as the register file holds:
// 6 x 2 + 2 + 1 = 15 of 16 registers, 14 x 2 + 2 + 1 = 31 of 32.
inline constexpr std::size_t kTileVectors = 2;
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
inline constexpr std::size_t kTileRows = 14;
#elif HWY_ARCH_ARM_A64
inline constexpr std::size_t kTileRows = 12;
#else
inline constexpr std::size_t kTileRows = 6;
#endif
inline constexpr std::size_t kTileColumns = kTileVectors * kLanes;

// The first `count` lanes (or all) of memory that may be misaligned and end behind them; the others
// are zero. Highway's MaskedLoad wants aligned memory below AVX2 and may read the whole vector
// elsewhere.
HWY_INLINE V LoadFirst(D d, std::size_t count, const float* from) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  return hn::MaskedLoad(hn::FirstN(d, count), d, from);
#else
  HWY_ALIGN float lanes[kLanes] = {};
  for (std::size_t i = 0; i < kLanes && i < count; ++i) lanes[i] = from[i];
  return hn::Load(d, lanes);
#endif
}

// Writes the first `count` lanes (or all) and touches nothing behind them, which another thread may
// be writing: a BlendedStore that stores the whole vector would bring back old values.
HWY_INLINE void StoreFirst(V v, D d, std::size_t count, float* to) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX2
  hn::BlendedStore(v, hn::FirstN(d, count), d, to);
#else
  HWY_ALIGN float lanes[kLanes];
  hn::Store(v, d, lanes);
  for (std::size_t i = 0; i < kLanes && i < count; ++i) to[i] = lanes[i];
#endif
}

// Asks for `rows` rows of `floats` floats, `stride` floats apart, ahead of their use. The memory
// need not exist.
HWY_INLINE void PrefetchRows(const float* from, std::size_t rows, std::size_t stride,
                             std::size_t floats) {
  for (std::size_t r = 0; r < rows; ++r, from += stride) {
    for (std::size_t i = 0; i < floats; i += 64 / sizeof(float)) hwy::Prefetch(from + i);
  }
}

// Highway renamed its reductions between 1.0.3 and 1.2; this form exists in both.
HWY_INLINE float SumOf(V v) { return hn::GetLane(hn::SumOfLanes(D(), v)); }

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
