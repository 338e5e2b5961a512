// SPDX-License-Identifier: MIT
// Convolution of one block, forward and backward; a linear layer is the convolution of a 1x1 image.
//
//   forward          y[p][co]        = sum over taps, ci of    w[tap][co][ci] * x[p s + tap d][ci]
//   data gradient    dx[q][ci]       = sum over taps, co of    w[tap][co][ci] * dy[(q - tap d) / s][co]
//   weight gradient  dw[tap][co][ci] = sum over samples, p of  dy[p][co] * x[p s + tap d][ci]
//
// with stride s and dilation d; a dy counts where the division leaves no remainder. In the block
// layout all three are plain products whose operands lie ready: no im2col, no packing, and taps
// that fall into the padding are skipped, not multiplied by zero. Vectors run over samples in the
// first two and over (kernel column, input channel) in the third, which therefore reads the input
// with the sample outside, as TransposeRows leaves it.
#if defined(TESELA_KERNEL_CONVOLUTION_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_CONVOLUTION_INL_HPP
#undef TESELA_KERNEL_CONVOLUTION_INL_HPP
#else
#define TESELA_KERNEL_CONVOLUTION_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <numeric>

#include "tesela/kernel/dot_tile-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Steps of a sum per pass over the tiles: 128 rows of a block are 16 KB, half an L1 cache. Where a
// vector is 16 lanes, tiles are taller and read a row of A for longer, which is worth 24 KB (forward
// 6x14x14 -> 16, 5x5: 208 and 190 us; 512x2x2 -> 512, 3x3: 4.4 and 4.1 ms; one thread of a Xeon).
inline constexpr std::size_t kPanelDepth = kLanes == 16 ? 192 : 128;

// Weights that no L2 cache of today holds come from memory for every pixel: then tiles ask for those of
// the tile after them, in runs of a cache line of steps (512x2x2 -> 512, 3x3, batch 64, one thread of a
// Xeon: forward 4.3 and 3.4 ms, the data gradient, whose weights are far apart, 7.0 and 4.4 ms). With two
// threads those that the other one has updated lie in its cache, so all but small ones are asked for (steps
// of two threads: 3072-120-84-10 with SGD 76k and 91k images/s, four layers of 256 141k and 153k; those of one
// are as before).
inline bool WeightsAreFar(const convolution& g) {
  return g.weight_floats() * sizeof(float) > (std::size_t{128} << 10);
}
inline contraction InRuns(contraction part) {
  if (part.next_a != 0 && part.inner.count == 1 && part.depth % kLine == 0) {
    const auto line = static_cast<std::ptrdiff_t>(kLine);
    part.inner = {part.depth / kLine, line * part.a_step, line * part.b_step};
    part.depth = kLine;
  }
  return part;
}

// The taps of a window at output position `at` that lie inside the input: `count` from tap `begin`
// on, which is input position `input`. All are 0 where none does.
struct TapRange {
  std::size_t begin = 0, count = 0, input = 0;
};
inline TapRange TapsInside(std::size_t at, const window_axis& g) {
  const auto taps_below = [&](std::size_t distance) {  // taps whose offset is less than this
    return std::min(g.kernel, (distance + g.dilation - 1) / g.dilation);
  };
  const std::size_t start = at * g.stride;  // in padded coordinates
  if (start >= g.padding && start + (g.kernel - 1) * g.dilation < g.in + g.padding) {
    return {0, g.kernel, start - g.padding};  // most windows, without a division
  }
  const std::size_t begin = g.padding > start ? taps_below(g.padding - start) : 0;
  const std::size_t end = g.in + g.padding > start ? taps_below(g.in + g.padding - start) : 0;
  if (end <= begin) return {};
  return {begin, end - begin, start + begin * g.dilation - g.padding};
}

// The loops of `sum` over the taps inside the image: `down` over rows, `along` over the columns of
// a row, `depth` numbers a tap. Where taps are neighbours, a row of them is one stretch. An empty
// window is an empty sum.
inline void LoopOverTaps(const convolution& g, const loop_level& down, const loop_level& along,
                         std::size_t depth, contraction& sum) {
  sum.middle = sum.inner = {};
  sum.depth = depth;
  if (down.count == 0 || along.count == 0) {
    sum.depth = 0;
  } else if (g.taps_are_neighbours()) {
    sum.inner = down;
    sum.depth = along.count * depth;
  } else {
    sum.middle = down;
    sum.inner = along;
  }
}

// Output pixel (oy, ox) of a block, all channels, written to c as [channel][lane].
template <class Ending>
HWY_ATTR void ConvolvePixel(const convolution& g, const float* weights, const float* x,
                            std::size_t oy, std::size_t ox, float* c, const Ending& ending) {
  const TapRange rows = TapsInside(oy, g.down()), columns = TapsInside(ox, g.along());
  const std::size_t kernel_row = g.out.channels * g.weight_row();
  const std::size_t pixel = g.in.channels * block_lanes;
  contraction sum;
  LoopOverTaps(g,
               {rows.count, static_cast<std::ptrdiff_t>(kernel_row),
                static_cast<std::ptrdiff_t>(g.dilation.rows * g.in.width * pixel)},
               {columns.count, static_cast<std::ptrdiff_t>(g.in.channels),
                static_cast<std::ptrdiff_t>(g.dilation.columns * pixel)},
               g.in.channels, sum);
  sum.a_row = static_cast<std::ptrdiff_t>(g.weight_row());
  sum.a_step = 1;
  sum.b_step = block_lanes;
  if (WeightsAreFar(g)) sum.next_a = static_cast<std::ptrdiff_t>(kTileRows) * sum.a_row;
  const float* a = weights + rows.begin * kernel_row + columns.begin * g.in.channels;
  const float* b = x + (rows.input * g.in.width + columns.input) * pixel;
  ForEachPart(sum, a, b, kPanelDepth,
              [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                  bool finish) HWY_ATTR {
                const TileTarget target{c, block_lanes, block_lanes, add, finish};
                Multiply<StridedRows, RowsFirst>(InRuns(part), part_a, part_b, target, 0,
                                                 g.out.channels, 0, block_lanes, ending);
              });
}

// The output positions that input position `at` contributes to: through `count` taps from first_tap
// on, tap_step apart, to the outputs from first_output down, output_step apart. With stride s and
// dilation d, tap t meets an output where s divides at + padding - t d; then so does t + s / gcd(s,
// d), whose output lies d / gcd(s, d) before.
struct Contributions {
  std::size_t first_tap = 0, first_output = 0, count = 0;
};
struct ContributionSteps {
  explicit ContributionSteps(const window_axis& g) {
    const std::size_t common = std::gcd(g.stride, g.dilation);
    tap = g.stride / common;
    output = g.dilation / common;
  }
  std::size_t tap, output;
};
inline Contributions ContributionsOf(std::size_t at, const window_axis& g,
                                     const ContributionSteps& step) {
  const std::size_t padded = at + g.padding;
  std::size_t tap = 0;  // the first that meets an output position, in range or not
  while (tap < step.tap && tap * g.dilation <= padded &&
         (padded - tap * g.dilation) % g.stride != 0) {
    ++tap;
  }
  if (tap == step.tap || tap * g.dilation > padded) return {};
  std::size_t output = (padded - tap * g.dilation) / g.stride;
  if (output >= g.out) {  // the first taps point behind the last window
    const std::size_t skip = (output - g.out) / step.output + 1;
    tap += skip * step.tap;
    if (skip * step.output > output) return {};
    output -= skip * step.output;
  }
  if (tap >= g.kernel) return {};
  return {tap, output, std::min((g.kernel - tap - 1) / step.tap, output / step.output) + 1};
}

// dx of a block from dy. `ending_of(pixel)` gives the ending of an input pixel: the derivative of
// the activation in front of this layer, if there is one to apply.
template <class EndingOf>
HWY_ATTR void ConvolveDataGradient(const convolution& g, const float* weights, const float* dy,
                                   float* dx, const EndingOf& ending_of) {
  const auto ci = static_cast<std::ptrdiff_t>(g.in.channels);
  const auto pixel_floats = static_cast<std::ptrdiff_t>(g.out.channels * block_lanes);
  const auto kernel_row = static_cast<std::ptrdiff_t>(g.out.channels * g.weight_row());
  const auto out_width = static_cast<std::ptrdiff_t>(g.out.width);
  const ContributionSteps down(g.down()), along(g.along());
  contraction sum;
  sum.a_row = 1;
  sum.a_step = static_cast<std::ptrdiff_t>(g.weight_row());
  sum.b_step = static_cast<std::ptrdiff_t>(block_lanes);
  if (WeightsAreFar(g)) sum.next_a = 2 * kTileRows - 1;  // a step's line of the next tile's last row
  for (std::size_t iy = 0; iy < g.in.height; ++iy) {
    const Contributions rows = ContributionsOf(iy, g.down(), down);
    sum.middle = {rows.count, static_cast<std::ptrdiff_t>(down.tap) * kernel_row,
                  -static_cast<std::ptrdiff_t>(down.output) * out_width * pixel_floats};
    for (std::size_t ix = 0; ix < g.in.width; ++ix) {
      const Contributions columns = ContributionsOf(ix, g.along(), along);
      sum.inner = {columns.count, static_cast<std::ptrdiff_t>(along.tap) * ci,
                   -static_cast<std::ptrdiff_t>(along.output) * pixel_floats};
      sum.depth = g.out.channels;
      const float* a = weights + static_cast<std::ptrdiff_t>(rows.first_tap) * kernel_row +
                       static_cast<std::ptrdiff_t>(columns.first_tap) * ci;
      const float* b = dy + (rows.first_output * g.out.width + columns.first_output) *
                                g.out.channels * block_lanes;
      const std::size_t pixel = iy * g.in.width + ix;
      float* c = dx + pixel * g.in.channels * block_lanes;
      const auto ending = ending_of(pixel);
      ForEachPart(sum, a, b, kPanelDepth,
                  [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                      bool finish) HWY_ATTR {
                    const TileTarget target{c, block_lanes, block_lanes, add, finish};
                    Multiply<AdjacentRows, RowsFirst>(InRuns(part), part_a, part_b, target, 0,
                                                      g.in.channels, 0, block_lanes, ending);
                  });
    }
  }
}

// The outputs [begin, begin + count) whose tap `tap` lies inside the input, the first of them at
// input position `input`.
struct OutputRange {
  std::size_t begin = 0, count = 0, input = 0;
};
inline OutputRange OutputsOf(std::size_t tap, const window_axis& g) {
  const std::size_t offset = tap * g.dilation, last = g.in + g.padding;  // padded coordinates
  const std::size_t begin =
      offset >= g.padding ? 0 : (g.padding - offset + g.stride - 1) / g.stride;
  const std::size_t end = last > offset ? std::min(g.out, (last - offset - 1) / g.stride + 1) : 0;
  if (end <= begin) return {};
  return {begin, end - begin, begin * g.stride + offset - g.padding};
}

// Calls f(column, end, shift) for columns of a share that read columns of the input next to each
// other, `shift` numbers further on: all of them where taps are neighbours, otherwise those of one
// tap.
template <class F>
HWY_ATTR void ForEachStretchOfColumns(const convolution& g, const gradient_share& share,
                                      const F& f) {
  const std::size_t stretch = g.taps_are_neighbours() ? g.row_depth() : g.in.channels;
  for (std::size_t column = share.column; column < share.column_end;) {
    const std::size_t tap = column / stretch;
    const std::size_t end = std::min(share.column_end, (tap + 1) * stretch);
    f(column, end, tap * (g.dilation.columns - 1) * g.in.channels);
    column = end;
  }
}

// One kernel row of a weight gradient's share, by register tiles.
inline HWY_ATTR void WeightGradientByTiles(const convolution& g, const gradient_share& share,
                                           std::size_t ky, const float* dy,
                                           const float* x_transposed, std::size_t blocks,
                                           std::size_t block_stride, float* dweights) {
  const OutputRange rows = OutputsOf(ky, g.down());
  const std::size_t line = g.transposed_row() * block_lanes;

  contraction sum;
  sum.outer = {blocks, static_cast<std::ptrdiff_t>(block_stride),
               static_cast<std::ptrdiff_t>(block_stride)};
  sum.middle = {rows.count, static_cast<std::ptrdiff_t>(g.out.width * g.out.channels * block_lanes),
                static_cast<std::ptrdiff_t>(g.stride.rows * line)};
  sum.inner = {g.out.width, static_cast<std::ptrdiff_t>(g.out.channels * block_lanes),
               static_cast<std::ptrdiff_t>(g.stride.columns * g.in.channels)};
  sum.depth = block_lanes;
  sum.a_row = static_cast<std::ptrdiff_t>(block_lanes);
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(g.transposed_row());
  if (g.transposes_in_panels()) {
    sum.b_step = static_cast<std::ptrdiff_t>(kTileColumns);
    sum.b_column = static_cast<std::ptrdiff_t>(block_lanes);
  }

  const float* a = dy + rows.begin * g.out.width * g.out.channels * block_lanes;
  float* c = dweights + ky * g.out.channels * g.weight_row();
  // Both operands stream here, so a part is sized for the L2 cache: up to 1024 steps, of as many
  // rows as make 256 KB, against a tile's width of columns (512 x 512, batch 512, one thread of a
  // Zen 3: 3.65 ms with all rows at once, 3.48 ms so).
  constexpr std::size_t kStreamDepth = 1024, kStreamFloats = 64 * 1024;
  // Rows of C longer than a page are written whole, one after the other: to write a tile's width of
  // each in turn would be a page and a cache miss every time (3072 -> 120, batch 64, with weights
  // that are not in the cache 855 us and 659 us so; with weights that are, 545 and 578 us).
  const bool rows_first = g.weight_row() * sizeof(float) > 4096;
  ForEachStretchOfColumns(
      g, share, [&](std::size_t column, std::size_t end, std::size_t shift) HWY_ATTR {
        ForEachPart(
            sum, a, x_transposed + rows.input * line + shift, kStreamDepth,
            [&](const contraction& part, const float* part_a, const float* part_b, bool add, bool)
                HWY_ATTR {
                  const TileTarget target{c, g.weight_row(), end, add, false};
                  const std::size_t steps = std::max<std::size_t>(1, part.steps());
                  const std::size_t together = std::max<std::size_t>(56, kStreamFloats / steps);
                  for (std::size_t row = share.row; row < share.row_end; row += together) {
                    const std::size_t row_end = std::min(row + together, share.row_end);
                    if (rows_first) {
                      Multiply<StridedRows, RowsFirst>(part, part_a, part_b, target, row, row_end,
                                                       column, end, KeepSum{});
                    } else {
                      Multiply<StridedRows, ColumnsFirst>(part, part_a, part_b, target, row,
                                                          row_end, column, end, KeepSum{});
                    }
                  }
                });
      });
}

// A share of a weight gradient that sums along lanes:
//
//   for portions of dy's pixels, asked for while the portion before is at work:
//     for tiles of rows: for kernel rows: for tiles of columns: add dot products to the sums
//
// so that dy, the large operand, is read from memory once. Every weight has a vector of sums, one for
// each lane, which are added up at the end: 1024 of them, 64 KB with 16 lanes, for as many output
// channels as that allows.
inline HWY_ATTR void WeightGradientAlongLanes(const convolution& g, const gradient_share& share,
                                              const float* dy, const float* x_padded,
                                              std::size_t blocks, std::size_t block_stride,
                                              float* dweights) {
  constexpr std::size_t kSums = 16 * kernel_rows_along_lanes;
  HWY_ALIGN float sums[kSums * kLanes];
  const std::size_t columns = share.column_end - share.column;
  const std::size_t together = std::max<std::size_t>(1, kSums / (share.kernel_rows * columns));

  const std::size_t line = g.transposed_row() * block_lanes;
  const std::size_t dy_row = g.out.width * g.out.channels * block_lanes;
  contraction sum;
  sum.middle = {0, static_cast<std::ptrdiff_t>(dy_row),
                static_cast<std::ptrdiff_t>(g.stride.rows * line)};
  sum.inner = {g.out.width, static_cast<std::ptrdiff_t>(g.out.channels * block_lanes),
               static_cast<std::ptrdiff_t>(g.stride.columns * g.in.channels * block_lanes)};
  sum.a_row = static_cast<std::ptrdiff_t>(block_lanes);
  sum.b_step = static_cast<std::ptrdiff_t>(block_lanes);

  for (std::size_t row = share.row; row < share.row_end; row += together) {
    const std::size_t rows = std::min(together, share.row_end - row);
    const auto sums_of = [&](std::size_t ky) {
      return sums + (ky - share.ky) * rows * columns * kLanes;
    };
    std::fill(sums, sums_of(share.ky_end()), 0.0f);
    // A portion's part for one tile of rows is 24 KB, which stay in an L1 cache: a part of a row of
    // pixels, or a few rows of a small image.
    const std::size_t tile_rows = std::min(rows, kDotRows);
    const std::size_t pixels = std::max<std::size_t>(4, 6 * 1024 / (tile_rows * block_lanes));
    const std::size_t parts = (g.out.width + pixels - 1) / pixels;
    const std::size_t wide = (g.out.width + parts - 1) / parts;
    const std::size_t high = std::max<std::size_t>(1, pixels / g.out.width);
    const auto multiply = [&](std::size_t block, std::size_t oy, std::size_t ox) HWY_ATTR {
      sum.inner.count = std::min(wide, g.out.width - ox);
      const float* here = dy + block * block_stride + row * block_lanes +
                          (oy * g.out.width + ox) * g.out.channels * block_lanes;
      PrefetchRows(here + sum.inner.a * static_cast<std::ptrdiff_t>(high * sum.inner.count),
                   high * sum.inner.count, g.out.channels * block_lanes, rows * block_lanes);
      for (std::size_t r = 0; r < rows; r += tile_rows) {
        for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
          const OutputRange inside = OutputsOf(ky, g.down());
          const std::size_t begin = std::max(oy, inside.begin);
          const std::size_t end = std::min(oy + high, inside.begin + inside.count);
          if (begin >= end) continue;
          sum.middle.count = end - begin;
          const float* a = here + (begin - oy) * dy_row + r * block_lanes;
          const float* b = x_padded + block * block_stride +
                           (inside.input + (begin - inside.begin) * g.stride.rows) * line +
                           ox * g.stride.columns * g.in.channels * block_lanes;
          ForEachStretchOfColumns(
              g, share,
              [&](std::size_t column, std::size_t column_end, std::size_t shift) HWY_ATTR {
                float* c = sums_of(ky) + (r * columns + column - share.column) * kLanes;
                MultiplyDots<SumsByLane>(sum, a, b + (column + shift) * block_lanes,
                                         {c, columns * kLanes, kLanes, true},
                                         std::min(tile_rows, rows - r), column_end - column);
              });
        }
      }
    };
    for (std::size_t block = 0; block < blocks; ++block) {
      for (std::size_t oy = 0; oy < g.out.height; oy += high) {
        for (std::size_t ox = 0; ox < g.out.width; ox += wide) multiply(block, oy, ox);
      }
    }
    for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
      for (std::size_t r = 0; r < rows; ++r) {
        float* to = dweights + (ky * g.out.channels + row + r) * g.weight_row() + share.column;
        const float* from = sums_of(ky) + r * columns * kLanes;
        for (std::size_t c = 0; c < columns; ++c) to[c] = SumOf(hn::Load(D(), from + c * kLanes));
      }
    }
  }
}

// The share of the weight gradient that `share` names, summed over all blocks in one order.
// `blocks` copies of dy and of the input, as TransposeRows leaves it, lie `block_stride` floats
// apart. `MayDot` is may_sum_along_lanes(g) or true: a network that never does compiles less.
template <bool MayDot>
HWY_ATTR void ConvolveWeightGradient(const convolution& g, const gradient_share& share,
                                            const float* dy, const float* x_transposed,
                                            std::size_t blocks, std::size_t block_stride,
                                            float* dweights) {
  if constexpr (MayDot) {
    if (sums_along_lanes(g, kLanes)) {
      WeightGradientAlongLanes(g, share, dy, x_transposed, blocks, block_stride, dweights);
      return;
    }
  }
  for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
    WeightGradientByTiles(g, share, ky, dy, x_transposed, blocks, block_stride, dweights);
  }
}

// dbias[co] = sum over blocks, pixels and lanes of dy[pixel][co][lane], for rows [row, row_end): four
// rows at a time, since the sum of one would wait for each of its additions.
inline HWY_ATTR void BiasGradient(const image& out, const float* dy, std::size_t blocks,
                                  std::size_t block_stride, std::size_t row, std::size_t row_end,
                                  float* dbias) {
  const D d;
  const auto sum_rows = [&]<std::size_t Rows>(std::size_t co) HWY_ATTR {
    V sums[Rows];
    TESELA_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) sums[r] = hn::Zero(d);
    for (std::size_t block = 0; block < blocks; ++block) {
      const float* at = dy + block * block_stride + co * block_lanes;
      for (std::size_t pixel = 0; pixel < out.pixels(); ++pixel) {
        for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
          TESELA_UNROLL
          for (std::size_t r = 0; r < Rows; ++r) {
            sums[r] = hn::Add(sums[r], hn::LoadU(d, at + r * block_lanes + lane));
          }
        }
        at += out.channels * block_lanes;
      }
    }
    TESELA_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) dbias[co + r] = SumOf(sums[r]);
  };
  for (; row + 4 <= row_end; row += 4) sum_rows.template operator()<4>(row);
  for (; row < row_end; ++row) sum_rows.template operator()<1>(row);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
