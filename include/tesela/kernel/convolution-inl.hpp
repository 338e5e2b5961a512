// SPDX-License-Identifier: MIT
// Convolution of one block, forward and backward; a linear layer is the convolution of a 1x1 image.
//
//   forward        y[p][co]      = sum over taps, ci of  w[tap][co][ci] * x[p * stride + tap][ci]
//   data gradient  dx[q][ci]     = sum over taps, co of  w[tap][co][ci] * dy[(q - tap) / stride][co]
//   weight gradient dw[tap][co][ci] = sum over samples, p of  dy[p][co] * x[p * stride + tap][ci]
//
// In the block layout all three are plain products whose operands lie ready: no im2col, no packing,
// and taps that fall into the padding are skipped, not multiplied by zero. Vectors run over samples in
// the first two and over (kernel column, input channel) in the third, which therefore reads the input
// with the sample outside, as TransposeRows leaves it.
#if defined(TESELA_KERNEL_CONVOLUTION_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_CONVOLUTION_INL_HPP
#undef TESELA_KERNEL_CONVOLUTION_INL_HPP
#else
#define TESELA_KERNEL_CONVOLUTION_INL_HPP
#endif

#include <algorithm>
#include <cstddef>

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Steps of a sum per pass over the tiles: 128 rows of a block are 16 KB, half an L1 cache.
inline constexpr std::size_t kPanelDepth = 128;

// The taps [begin, end) of a window at output position `at` that lie inside the input.
struct TapRange {
  std::size_t begin, end;
  std::size_t count() const { return end - begin; }
};
inline TapRange TapsInside(std::size_t at, std::size_t extent, const convolution& g) {
  const std::size_t start = at * g.stride;  // in padded coordinates
  const std::size_t begin = g.padding > start ? g.padding - start : 0;
  const std::size_t end =
      extent + g.padding > start ? std::min(g.kernel, extent + g.padding - start) : 0;
  return {std::min(begin, g.kernel), std::max(end, std::min(begin, g.kernel))};
}

// Output pixel (oy, ox) of a block, all channels, written to c as [channel][lane].
template <class Ending>
HWY_ATTR void ConvolvePixel(const convolution& g, const float* weights, const float* x,
                            std::size_t oy, std::size_t ox, float* c, const Ending& ending) {
  const TapRange rows = TapsInside(oy, g.in.height, g), columns = TapsInside(ox, g.in.width, g);
  const std::size_t kernel_row = g.out.channels * g.weight_row();
  contraction sum;
  sum.inner = {rows.count(), static_cast<std::ptrdiff_t>(kernel_row),
               static_cast<std::ptrdiff_t>(g.in.width * g.in.channels * block_lanes)};
  sum.depth = columns.count() * g.in.channels;
  sum.a_row = static_cast<std::ptrdiff_t>(g.weight_row());
  sum.a_step = 1;
  sum.b_step = block_lanes;

  const float* a = weights;
  const float* b = x;
  if (rows.count() != 0 && columns.count() != 0) {
    a += rows.begin * kernel_row + columns.begin * g.in.channels;
    const std::size_t iy = oy * g.stride + rows.begin - g.padding;
    const std::size_t ix = ox * g.stride + columns.begin - g.padding;
    b += (iy * g.in.width + ix) * g.in.channels * block_lanes;
  }
  ForEachPart(sum, a, b, kPanelDepth,
              [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                  bool finish) HWY_ATTR {
                const TileTarget target{c, block_lanes, block_lanes, add, finish};
                Multiply<StridedRows, RowsFirst>(part, part_a, part_b, target, 0, g.out.channels, 0,
                                      block_lanes, ending);
              });
}

// The output positions that input position `at` contributes to through taps first, first + stride, ...
struct Contributions {
  std::size_t first_tap = 0, count = 0, first_output = 0;  // outputs descend from first_output
};
inline Contributions ContributionsOf(std::size_t at, std::size_t outputs, const convolution& g) {
  const std::size_t padded = at + g.padding;
  Contributions c;
  c.first_tap = padded % g.stride;
  c.first_output = padded / g.stride;
  if (c.first_output >= outputs) {  // the first taps point behind the last window
    const std::size_t skip = c.first_output - outputs + 1;
    c.first_tap += skip * g.stride;
    c.first_output = outputs - 1;
  }
  if (c.first_tap < g.kernel) {
    c.count = std::min((g.kernel - c.first_tap - 1) / g.stride, c.first_output) + 1;
  }
  return c;
}

// dx of a block from dy. `ending_of(pixel)` gives the ending of an input pixel: the derivative of the
// activation in front of this layer, if there is one to apply.
template <class EndingOf>
HWY_ATTR void ConvolveDataGradient(const convolution& g, const float* weights, const float* dy,
                                   float* dx, const EndingOf& ending_of) {
  const auto ci = static_cast<std::ptrdiff_t>(g.in.channels);
  const auto co = static_cast<std::ptrdiff_t>(g.out.channels);
  const auto stride = static_cast<std::ptrdiff_t>(g.stride);
  const auto lanes = static_cast<std::ptrdiff_t>(block_lanes);
  const std::ptrdiff_t kernel_row = co * static_cast<std::ptrdiff_t>(g.weight_row());
  for (std::size_t iy = 0; iy < g.in.height; ++iy) {
    const Contributions rows = ContributionsOf(iy, g.out.height, g);
    for (std::size_t ix = 0; ix < g.in.width; ++ix) {
      const Contributions columns = ContributionsOf(ix, g.out.width, g);
      contraction sum;
      sum.middle = {rows.count, stride * kernel_row,
                    -static_cast<std::ptrdiff_t>(g.out.width) * co * lanes};
      sum.inner = {columns.count, stride * ci, -co * lanes};
      sum.depth = g.out.channels;
      sum.a_row = 1;
      sum.a_step = static_cast<std::ptrdiff_t>(g.weight_row());
      sum.b_step = lanes;
      const float* a = weights;
      const float* b = dy;
      if (rows.count != 0 && columns.count != 0) {
        a += static_cast<std::ptrdiff_t>(rows.first_tap) * kernel_row +
             static_cast<std::ptrdiff_t>(columns.first_tap) * ci;
        b += (rows.first_output * g.out.width + columns.first_output) * g.out.channels * block_lanes;
      }
      const std::size_t pixel = iy * g.in.width + ix;
      float* c = dx + pixel * g.in.channels * block_lanes;
      const auto ending = ending_of(pixel);
      ForEachPart(sum, a, b, kPanelDepth,
                  [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                      bool finish) HWY_ATTR {
                    const TileTarget target{c, block_lanes, block_lanes, add, finish};
                    Multiply<AdjacentRows, RowsFirst>(part, part_a, part_b, target, 0, g.in.channels, 0,
                                           block_lanes, ending);
                  });
    }
  }
}

// The share of the weight gradient that `share` names, summed over all blocks in one order. `blocks` copies of dy and of the transposed input lie `block_stride` floats apart.
inline HWY_ATTR void ConvolveWeightGradient(const convolution& g, const gradient_share& share,
                                            const float* dy, const float* x_transposed,
                                            std::size_t blocks, std::size_t block_stride,
                                            float* dweights) {
  // Output rows whose tap ky lies inside the image.
  const std::size_t oy_begin =
      share.ky >= g.padding ? 0 : (g.padding - share.ky + g.stride - 1) / g.stride;
  const std::size_t last = g.in.height + g.padding;  // one past the last row, padded coordinates
  const std::size_t oy_end =
      last > share.ky ? std::min(g.out.height, (last - share.ky - 1) / g.stride + 1) : 0;
  const std::size_t line = g.transposed_row() * block_lanes;

  contraction sum;
  sum.outer = {blocks, static_cast<std::ptrdiff_t>(block_stride),
               static_cast<std::ptrdiff_t>(block_stride)};
  sum.middle = {oy_end > oy_begin ? oy_end - oy_begin : 0,
                static_cast<std::ptrdiff_t>(g.out.width * g.out.channels * block_lanes),
                static_cast<std::ptrdiff_t>(g.stride * line)};
  sum.inner = {g.out.width, static_cast<std::ptrdiff_t>(g.out.channels * block_lanes),
               static_cast<std::ptrdiff_t>(g.stride * g.in.channels)};
  sum.depth = block_lanes;
  sum.a_row = static_cast<std::ptrdiff_t>(block_lanes);
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(g.transposed_row());

  const float* a = dy;
  const float* b = x_transposed;
  if (sum.middle.count != 0) {
    a += oy_begin * g.out.width * g.out.channels * block_lanes;
    b += (oy_begin * g.stride + share.ky - g.padding) * line;
  }
  // Both operands stream here, so a part is sized for the L2 cache: 1024 steps of 16 to 64 rows and
  // as many columns are 64 to 256 KB on either side.
  constexpr std::size_t kStreamDepth = 1024;
  float* c = dweights + share.ky * g.out.channels * g.weight_row();
  ForEachPart(sum, a, b, kStreamDepth,
              [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                  bool) HWY_ATTR {
                const TileTarget target{c, g.weight_row(), share.column_end, add, false};
                Multiply<StridedRows, ColumnsFirst>(part, part_a, part_b, target, share.row, share.row_end,
                                      share.column, share.column_end, KeepSum{});
              });
}

// dbias[co] = sum over blocks, pixels and lanes of dy[pixel][co][lane], for rows [row, row_end).
inline HWY_ATTR void BiasGradient(const image& out, const float* dy, std::size_t blocks,
                                  std::size_t block_stride, std::size_t row, std::size_t row_end,
                                  float* dbias) {
  const D d;
  for (std::size_t co = row; co < row_end; ++co) {
    V sum = hn::Zero(d);
    for (std::size_t block = 0; block < blocks; ++block) {
      const float* at = dy + block * block_stride + co * block_lanes;
      for (std::size_t pixel = 0; pixel < out.pixels(); ++pixel) {
        for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
          sum = hn::Add(sum, hn::LoadU(d, at + lane));
        }
        at += out.channels * block_lanes;
      }
    }
    dbias[co] = SumOf(sum);
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
