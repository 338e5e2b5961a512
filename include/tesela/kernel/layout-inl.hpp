// SPDX-License-Identifier: MIT
// Laying out data: samples into blocks, and blocks with the sample outside for the weight gradient.
#if defined(TESELA_KERNEL_LAYOUT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_LAYOUT_INL_HPP
#undef TESELA_KERNEL_LAYOUT_INL_HPP
#else
#define TESELA_KERNEL_LAYOUT_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/tensor/samples.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Four vectors from four samples, kLanes neighbouring features each, become kLanes groups of four
// lanes: out[i * out_stride + j] = v_j[i]. Interleaving leaves every group contiguous, and four
// floats move as one.
HWY_INLINE void StoreTransposed4(V v0, V v1, V v2, V v3, float* out, std::size_t out_stride) {
  HWY_ALIGN float groups[4 * kLanes];
  hn::StoreInterleaved4(v0, v1, v2, v3, D(), groups);
  for (std::size_t i = 0; i < kLanes; ++i) {
    std::memcpy(out + i * out_stride, groups + 4 * i, 4 * sizeof(float));
  }
}

#if HWY_TARGET != HWY_SCALAR
// rows[r][c] becomes rows[c][r], where a vector is 8 or 16 lanes: first 4 x 4 within groups of four lanes,
// then the groups.
inline constexpr bool kTransposesInRegisters = kLanes == 8 || kLanes == 16;
HWY_INLINE void TransposeRegisters(V (&rows)[kLanes]) {
  const D d;
  const hn::RepartitionToWide<D> wide;
  const auto pairs = [&](V low, V high, V& first, V& second) HWY_ATTR {
    const auto a = hn::BitCast(wide, low), b = hn::BitCast(wide, high);
    first = hn::BitCast(d, hn::InterleaveLower(wide, a, b));
    second = hn::BitCast(d, hn::InterleaveUpper(wide, a, b));
  };
  // Group b of v[4 g + i] is column 4 b + i of rows 4 g to 4 g + 3.
  V v[kLanes];
  for (std::size_t g = 0; g < kLanes; g += 4) {
    const V low02 = hn::InterleaveLower(d, rows[g], rows[g + 1]);
    const V low13 = hn::InterleaveLower(d, rows[g + 2], rows[g + 3]);
    const V high02 = hn::InterleaveUpper(d, rows[g], rows[g + 1]);
    const V high13 = hn::InterleaveUpper(d, rows[g + 2], rows[g + 3]);
    pairs(low02, low13, v[g], v[g + 1]);
    pairs(high02, high13, v[g + 2], v[g + 3]);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    if constexpr (kLanes == 8) {
      rows[i] = hn::ConcatLowerLower(d, v[4 + i], v[i]);
      rows[4 + i] = hn::ConcatUpperUpper(d, v[4 + i], v[i]);
    } else if constexpr (kLanes == 16) {
      // Even groups of one and of the other side by side, then odd ones.
      const auto even = [&](V a, V b) HWY_ATTR { return hn::OddEvenBlocks(hn::SwapAdjacentBlocks(b), a); };
      const auto odd = [&](V a, V b) HWY_ATTR { return hn::OddEvenBlocks(b, hn::SwapAdjacentBlocks(a)); };
      const V even01 = even(v[i], v[4 + i]), even23 = even(v[8 + i], v[12 + i]);
      const V odd01 = odd(v[i], v[4 + i]), odd23 = odd(v[8 + i], v[12 + i]);
      rows[i] = hn::ConcatLowerLower(d, even23, even01);
      rows[4 + i] = hn::ConcatLowerLower(d, odd23, odd01);
      rows[8 + i] = hn::ConcatUpperUpper(d, even23, even01);
      rows[12 + i] = hn::ConcatUpperUpper(d, odd23, odd01);
    }
  }
}
#else
inline constexpr bool kTransposesInRegisters = false;
HWY_INLINE void TransposeRegisters(V (&)[kLanes]) {}
#endif

HWY_INLINE V LoadValues(D d, const std::uint8_t* bytes) {
  const hn::Rebind<std::uint8_t, D> dbyte;
  const hn::RebindToSigned<D> di;
  return hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(dbyte, bytes)));
}
HWY_INLINE V LoadValues(D d, const float* floats) { return hn::LoadU(d, floats); }

// One channel of a block, or all features where there is one pixel a channel: out[i][lane] = value
// i of sample `lane`, scaled. scale_step is 1 where every value has a factor of its own, otherwise
// 0.
template <class Stored>
HWY_ATTR void LoadRow(const Stored* const (&samples)[block_lanes], std::size_t first,
                      std::size_t count, const float* scale, const float* shift,
                      std::size_t scale_step, float* out, std::size_t out_stride) {
  const D d;
  // A cache line of bytes at a time, so that a sample's line is fetched once.
  constexpr std::size_t kTogether = 64;
  std::size_t i = 0;
  while (i + kLanes <= count) {
    const std::size_t end = std::min(i + kTogether, count / kLanes * kLanes);
    constexpr std::size_t kSamples = kTransposesInRegisters ? kLanes : 4;
    for (std::size_t lane = 0; lane < block_lanes; lane += kSamples) {
      for (std::size_t k = i; k < end; k += kLanes) {
        const std::size_t s = k * scale_step;
        const V factor = scale_step == 0 ? hn::Set(d, *scale) : hn::LoadU(d, scale + s);
        const V summand = scale_step == 0 ? hn::Set(d, *shift) : hn::LoadU(d, shift + s);
        const auto value = [&](std::size_t j) HWY_ATTR {
          return hn::MulAdd(LoadValues(d, samples[lane + j] + first + k), factor, summand);
        };
        float* to = out + k * out_stride + lane;
        if constexpr (kTransposesInRegisters) {
          V rows[kLanes];
          for (std::size_t j = 0; j < kLanes; ++j) rows[j] = value(j);
          TransposeRegisters(rows);
          for (std::size_t j = 0; j < kLanes; ++j) hn::StoreU(rows[j], d, to + j * out_stride);
        } else {
          StoreTransposed4(value(0), value(1), value(2), value(3), to, out_stride);
        }
      }
    }
    i = end;
  }
  for (; i < count; ++i) {
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      out[i * out_stride + lane] = static_cast<float>(samples[lane][first + i]) *
                                       scale[i * scale_step] +
                                   shift[i * scale_step];
    }
  }
}

template <class Stored>
HWY_ATTR void LoadSamples(const sample_source& source, const std::uint32_t* indices,
                          std::size_t count, float* block) {
  const Stored* samples[block_lanes];
  for (std::size_t lane = 0; lane < block_lanes; ++lane) {
    samples[lane] = static_cast<const Stored*>(source.values) +
                    std::size_t{indices[lane < count ? lane : 0]} * source.features();
  }
  if (source.pixels == 1) {
    LoadRow(samples, 0, source.channels, source.scale, source.shift, 1, block, block_lanes);
    return;
  }
  for (std::size_t c = 0; c < source.channels; ++c) {
    LoadRow(samples, c * source.pixels, source.pixels, source.scale + c, source.shift + c, 0,
            block + c * block_lanes, source.channels * block_lanes);
  }
}

// block[pixel][channel][lane] = scale * stored + shift of sample indices[lane]; lanes from `count`
// on repeat the first sample, so that they hold finite numbers. `count` is 1 to block_lanes.
inline HWY_ATTR void LoadBlock(const sample_source& source, const std::uint32_t* indices,
                               std::size_t count, float* block) {
  if (source.type == element::u8) {
    LoadSamples<std::uint8_t>(source, indices, count, block);
  } else {
    LoadSamples<float>(source, indices, count, block);
  }
}

// out[column][row] = in[row][column] for `rows` rows of block_lanes columns; rows of `out` lie
// `out_stride` floats apart.
inline HWY_ATTR void TransposeLanes(const float* in, std::size_t rows, float* out,
                                    std::size_t out_stride) {
  const D d;
  std::size_t row = 0;
  if constexpr (kTransposesInRegisters) {
    for (; row + kLanes <= rows; row += kLanes) {
      for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
        V tile[kLanes];
        for (std::size_t r = 0; r < kLanes; ++r) {
          tile[r] = hn::LoadU(d, in + (row + r) * block_lanes + lane);
        }
        TransposeRegisters(tile);
        for (std::size_t l = 0; l < kLanes; ++l) {
          hn::StoreU(tile[l], d, out + (lane + l) * out_stride + row);
        }
      }
    }
  }
  for (; row + 4 <= rows; row += 4) {
    const float* from = in + row * block_lanes;
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      StoreTransposed4(hn::LoadU(d, from + lane), hn::LoadU(d, from + block_lanes + lane),
                       hn::LoadU(d, from + 2 * block_lanes + lane),
                       hn::LoadU(d, from + 3 * block_lanes + lane), out + lane * out_stride + row,
                       out_stride);
    }
  }
  for (std::size_t rest = rows % 4; rest != 0; --rest, ++row) {
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      out[lane * out_stride + row] = in[row * block_lanes + lane];
    }
  }
}

// The input of a convolution as its weight gradient reads it, padded: with the sample outside,
// [height][lane][column][channel], or as it lies, if the gradient sums along lanes.
inline HWY_ATTR void TransposeRows(const convolution& g, const float* x, float* x_transposed) {
  if (g.transposes_in_panels()) {
    for (std::size_t first = 0; first < g.in.channels; first += kTileColumns) {
      TransposeLanes(x + first * block_lanes, std::min(kTileColumns, g.in.channels - first),
                     x_transposed + first * block_lanes, kTileColumns);
    }
    return;
  }
  const std::size_t row = g.in.width * g.in.channels, padding = g.padding.columns * g.in.channels;
  const auto pad = [](float* line, std::size_t before, std::size_t inside) {
    std::fill(line, line + before, 0.0f);
    std::fill(line + before + inside, line + 2 * before + inside, 0.0f);
  };
  for (std::size_t y = 0; y < g.in.height; ++y) {
    const float* from = x + y * row * block_lanes;
    float* line = x_transposed + y * g.transposed_row() * block_lanes;
    if (sums_along_lanes(g, kLanes)) {
      std::copy(from, from + row * block_lanes, line + padding * block_lanes);
      pad(line, padding * block_lanes, row * block_lanes);
    } else {
      TransposeLanes(from, row, line + padding, g.transposed_row());
      for (std::size_t lane = 0; padding != 0 && lane < block_lanes; ++lane) {
        pad(line + lane * g.transposed_row(), padding, row);
      }
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
