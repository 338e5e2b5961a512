// SPDX-License-Identifier: MIT
// One sample alone, for the lowest latency: the block layout with one lane,
// [height][width][channel], and the same weights. There is no batch to run vectors over, so they
// run
//
//   over columns    in the first convolution, on the channels-first image as the user has it
//   over outputs    in the others, with weights turned on the way, a cache's worth at a time
//   along the sum   in linear layers and where there are few pixels: dot products with weights as
//   they lie
#if defined(TESELA_KERNEL_SINGLE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_SINGLE_INL_HPP
#undef TESELA_KERNEL_SINGLE_INL_HPP
#else
#define TESELA_KERNEL_SINGLE_INL_HPP
#endif

#include <algorithm>
#include <cstddef>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/dot_tile-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/layout-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/kernel/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Channels-first image to [pixel][channel].
inline void SingleInterleave(const image& of, const float* planes, float* pixels) {
  for (std::size_t p = 0; p < of.pixels(); ++p) {
    for (std::size_t c = 0; c < of.channels; ++c) {
      pixels[p * of.channels + c] = planes[c * of.pixels() + p];
    }
  }
}

// Channels-first image with `padding` zeros around it, for SinglePlanes. Rows lie
// planar_input_row(g) apart; what lies behind them is zero.
inline void SinglePad(const convolution& g, const float* planes, float* padded) {
  const std::size_t row = planar_input_row(g);
  std::fill(padded, padded + planar_input_floats(g), 0.0f);
  for (std::size_t c = 0; c < g.in.channels; ++c) {
    for (std::size_t y = 0; y < g.in.height; ++y) {
      std::copy_n(planes + (c * g.in.height + y) * g.in.width, g.in.width,
                  padded + (c * (g.in.height + 2 * g.padding.rows) + y + g.padding.rows) * row +
                      g.padding.columns);
    }
  }
}

// y[co][oy][ox] from a padded channels-first image: the product whose columns are output columns.
// Rows of y lie planar_output_row(g) apart; the vectors' excess is computed and never read.
template <class Ending>
HWY_ATTR void SinglePlanes(const convolution& g, const float* weights, const float* padded,
                           float* y, const Ending& ending) {
  const std::size_t row = planar_input_row(g), out_row = planar_output_row(g);
  const std::size_t plane = (g.in.height + 2 * g.padding.rows) * row;
  contraction sum;
  sum.middle = {g.kernel.rows, static_cast<std::ptrdiff_t>(g.out.channels * g.weight_row()),
                static_cast<std::ptrdiff_t>(g.dilation.rows * row)};
  sum.inner = {g.in.channels, 1, static_cast<std::ptrdiff_t>(plane)};
  sum.depth = g.kernel.columns;
  sum.a_row = static_cast<std::ptrdiff_t>(g.weight_row());
  sum.a_step = static_cast<std::ptrdiff_t>(g.in.channels);
  sum.b_step = static_cast<std::ptrdiff_t>(g.dilation.columns);
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    const TileTarget target{y + oy * out_row, g.out.height * out_row, out_row, false, true};
    Multiply<StridedRows, ColumnsFirst>(sum, weights, padded + oy * row, target, 0, g.out.channels,
                                        0, out_row, ending);
  }
}

// From rows of planes to [pixel][channel], through a max pooling (a window of 1 copies). The largest of
// a window stands where its corner was: `planes` is scratch. Rows of a window first, then its columns,
// a vector of windows at a time, whatever their stride; each for a whole channel, since a load that spans
// two vectors just stored waits until both have left for the cache.
inline HWY_ATTR void SinglePoolPlanes(const pooling& g, float* planes, std::size_t row, float* y) {
  const D d;
  const std::size_t corners = (g.out.width - 1) * g.stride.columns + 1;
  const auto each_row = [&](std::size_t c, const auto& f) HWY_ATTR {
    for (std::size_t oy = 0; oy < g.out.height; ++oy) {
      f(oy, planes + (c * g.in.height + oy * g.stride.rows) * row);
    }
  };
  for (std::size_t c = 0; c < g.out.channels; ++c) {
    each_row(c, [&](std::size_t, float* corner) HWY_ATTR {
      for (std::size_t x = 0; g.kernel.rows > 1 && x < g.in.width; x += kLanes) {
        V best = hn::LoadU(d, corner + x);
        for (std::size_t r = 1; r < g.kernel.rows; ++r) {
          best = MaxOrNaN(best, hn::LoadU(d, corner + r * row + x));
        }
        hn::StoreU(best, d, corner + x);
      }
    });
    each_row(c, [&](std::size_t, float* corner) HWY_ATTR {
      for (std::size_t x = 0; g.kernel.columns > 1 && x < corners; x += kLanes) {
        V best = hn::LoadU(d, corner + x);
        for (std::size_t k = 1; k < g.kernel.columns; ++k) {
          best = MaxOrNaN(best, hn::LoadU(d, corner + x + k));
        }
        hn::StoreU(best, d, corner + x);
      }
    });
    each_row(c, [&](std::size_t oy, const float* corner) HWY_ATTR {
      float* to = y + oy * g.out.width * g.out.channels + c;
      for (std::size_t ox = 0; ox < g.out.width; ++ox) {
        to[ox * g.out.channels] = corner[ox * g.stride.columns];
      }
    });
  }
}

// to[k * to_row + r] = from[r * from_row + k], for weights on their way to vectors over outputs.
// Squares are turned in registers, the last one of a row overlapping the one before it.
inline HWY_ATTR HWY_NOINLINE void TransposeWeights(const float* from, std::size_t from_row,
                                                   std::size_t rows, std::size_t depth, float* to,
                                                   std::size_t to_row) {
  const D d;
  constexpr std::size_t kTogether = kTransposesInRegisters ? kLanes : 4;
  std::size_t r = 0;
  for (; depth >= kLanes && r + kTogether <= rows; r += kTogether) {
    for (std::size_t next = 0; next < depth; next += kLanes) {
      const std::size_t k = std::min(next, depth - kLanes);
      const float* corner = from + r * from_row + k;
      if constexpr (kTransposesInRegisters) {
        V square[kLanes];
        for (std::size_t i = 0; i < kLanes; ++i) square[i] = hn::LoadU(d, corner + i * from_row);
        TransposeRegisters(square);
        for (std::size_t i = 0; i < kLanes; ++i)
          hn::StoreU(square[i], d, to + (k + i) * to_row + r);
      } else {
        StoreTransposed4(hn::LoadU(d, corner), hn::LoadU(d, corner + from_row),
                         hn::LoadU(d, corner + 2 * from_row), hn::LoadU(d, corner + 3 * from_row),
                         to + k * to_row + r, to_row);
      }
    }
  }
  for (; r < rows; ++r) {
    for (std::size_t k = 0; k < depth; ++k) to[k * to_row + r] = from[r * from_row + k];
  }
}

// Calls f(rows, columns, x, ox, count) for every stretch of neighbouring output pixels of row oy
// whose windows are cut alike; x is the first input that counts.
template <class F>
HWY_ATTR void ForEachStretch(const convolution& g, const float* x, std::size_t oy, const F& f) {
  const TapRange rows = TapsInside(oy, g.down());
  for (std::size_t ox = 0; ox < g.out.width;) {
    const TapRange columns = TapsInside(ox, g.along());
    std::size_t end = ox + 1;
    while (end < g.out.width) {
      const TapRange next = TapsInside(end, g.along());
      if (next.begin != columns.begin || next.count != columns.count) break;
      ++end;
    }
    f(rows, columns, x + (rows.input * g.in.width + columns.input) * g.in.channels, ox, end - ox);
    ox = end;
  }
}

// The products of a convolution, without bias, [pixel][channel], as dot products. All pixels pass
// by eight outputs' weights before the next eight: weights are the larger operand, and are read
// once.
inline HWY_ATTR void SingleDots(const convolution& g, const float* weights, const float* x,
                                float* y) {
  const auto kernel_row = static_cast<std::ptrdiff_t>(g.out.channels * g.weight_row());
  const auto ci = static_cast<std::ptrdiff_t>(g.in.channels);
  const auto in_row = static_cast<std::ptrdiff_t>(g.dilation.rows * g.in.width) * ci;
  const auto in_column = static_cast<std::ptrdiff_t>(g.dilation.columns) * ci;
  contraction sum;
  sum.a_row = static_cast<std::ptrdiff_t>(g.weight_row());
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(g.stride.columns) * ci;
  constexpr std::size_t kTogether = 8;
  for (std::size_t r = 0; r < g.out.channels; r += kTogether) {
    const std::size_t outputs = std::min(kTogether, g.out.channels - r);
    for (std::size_t oy = 0; oy < g.out.height; ++oy) {
      ForEachStretch(
          g, x, oy,
          [&](TapRange rows, TapRange columns, const float* from, std::size_t ox, std::size_t count)
              HWY_ATTR {
                LoopOverTaps(g, {rows.count, kernel_row, in_row}, {columns.count, ci, in_column},
                             g.in.channels, sum);
                const float* w = weights + static_cast<std::ptrdiff_t>(rows.begin) * kernel_row +
                                 static_cast<std::ptrdiff_t>(columns.begin) * ci +
                                 static_cast<std::ptrdiff_t>(r) * sum.a_row;
                const DotTarget target{y + (oy * g.out.width + ox) * g.out.channels + r, 1,
                                       g.out.channels};
                MultiplyDots<WholeSums, 1>(sum, w, from, target, outputs, count);
              });
    }
  }
}

// [pixel][channel] with `padding` zeros around it.
inline void SinglePadPixels(const convolution& g, const float* x, float* padded) {
  const std::size_t row = g.in.width * g.in.channels, side = g.padding.columns * g.in.channels;
  const std::size_t edge = g.padding.rows * (row + 2 * side);
  padded = std::fill_n(padded, edge, 0.0f);
  for (std::size_t y = 0; y < g.in.height; ++y) {
    padded = std::fill_n(padded, side, 0.0f);
    padded = std::copy_n(x + y * row, row, padded);
    padded = std::fill_n(padded, side, 0.0f);
  }
  std::fill_n(padded, edge, 0.0f);
}

// Tiles of up to 10 rows: taller ones gain nothing with so short a sum, and a program for a device
// compiles each of them.
inline constexpr std::size_t kSingleRows = std::min<std::size_t>(kTileRows, 10);

// The weights of one pass over all pixels: of kernel rows [ky, ky_end) the numbers [k, k_end) of
// run `run`, for outputs from `first` on. A run is what lies in one piece in weights and image
// alike: a row of the window, or a tap of it where taps are apart. Short runs share a pass, long
// ones are cut, so that a pass has at most kPanelDepth steps.
struct WindowPass {
  std::size_t first, ky, ky_end, run, k, k_end;
};
struct WindowPasses {
  std::size_t run_floats, runs, row_pieces, run_pieces;

  explicit WindowPasses(const convolution& g)
      : run_floats(g.taps_are_neighbours() ? g.row_depth() : g.in.channels),
        runs(g.row_depth() / run_floats) {
    const std::size_t together = std::max<std::size_t>(1, kPanelDepth / run_floats);
    row_pieces = (g.kernel.rows + together - 1) / together;
    run_pieces = (run_floats + kPanelDepth - 1) / kPanelDepth;
  }
  std::size_t count() const { return row_pieces * runs * run_pieces; }  // for one width of outputs
  WindowPass At(const convolution& g, std::size_t i) const {
    const std::size_t rows = i % count() / (runs * run_pieces), piece = i % run_pieces;
    return {i / count() * kTileColumns,
            rows * g.kernel.rows / row_pieces,
            (rows + 1) * g.kernel.rows / row_pieces,
            i / run_pieces % runs,
            piece * run_floats / run_pieces,
            (piece + 1) * run_floats / run_pieces};
  }
};

// The products of a convolution of a padded image, [pixel][channel], without bias, by vectors over
// outputs:
//
//   for a tile's width of outputs: for passes over the window:
//     turn the pass's weights, 8 KB or 24 KB that stay in the L1 cache
//     for lines of pixels: ask for a share of the next pass's weights; add a product whose rows are
//     pixels
//
// so that weights come from memory once and while products run. Lines run along the longer side.
inline HWY_ATTR void SinglePanels(const convolution& g, const float* weights, const float* padded,
                                  float* y) {
  HWY_ALIGN float panel[kPanelDepth * kTileColumns];
  const std::size_t ci = g.in.channels, co = g.out.channels;
  const std::size_t in_row = (g.in.width + 2 * g.padding.columns) * ci, out_row = g.out.width * co;
  const std::size_t down = g.stride.rows * in_row, along = g.stride.columns * ci;
  const bool tall = g.out.height > g.out.width;
  const std::size_t lines = tall ? g.out.width : g.out.height;
  const std::size_t line_pixels = tall ? g.out.height : g.out.width;
  const WindowPasses passes(g);
  contraction sum;
  sum.a_row = static_cast<std::ptrdiff_t>(tall ? down : along);
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(kTileColumns);

  const auto weights_of = [&](const WindowPass& p) {
    return weights + (p.ky * co + p.first) * g.weight_row() + p.run * ci + p.k;
  };
  const std::size_t all = (co + kTileColumns - 1) / kTileColumns * passes.count();
  for (std::size_t i = 0; i < all; ++i) {
    const WindowPass pass = passes.At(g, i), next = passes.At(g, i + 1);
    const std::size_t width = std::min(kTileColumns, co - pass.first);
    sum.depth = pass.k_end - pass.k;
    sum.inner = {pass.ky_end - pass.ky, static_cast<std::ptrdiff_t>(g.dilation.rows * in_row),
                 static_cast<std::ptrdiff_t>(sum.depth * kTileColumns)};
    for (std::size_t ky = 0; ky < sum.inner.count; ++ky) {
      TransposeWeights(weights_of(pass) + ky * co * g.weight_row(), g.weight_row(), width,
                       sum.depth, panel + ky * sum.depth * kTileColumns, kTileColumns);
    }
    const float* from =
        padded + pass.ky * g.dilation.rows * in_row + pass.run * g.dilation.columns * ci + pass.k;
    for (std::size_t line = 0; line < lines; ++line) {
      const std::size_t share = width * line / lines;
      PrefetchRows(weights_of(next) + share * g.weight_row(), width * (line + 1) / lines - share,
                   g.weight_row(), next.k_end - next.k);
      const TileTarget target{y + pass.first + line * (tall ? co : out_row), tall ? out_row : co,
                              width, i % passes.count() != 0, false};
      Multiply<StridedRows, RowsFirst, KeepSum, kSingleRows>(
          sum, from + line * (tall ? along : down), panel, target, 0, line_pixels, 0, width,
          KeepSum{});
    }
  }
}

// Bias and activation, [pixel][channel].
template <class Activation>
HWY_ATTR void SingleFinish(const image& of, const float* bias, float* y) {
  using sum = decltype(expr::operand<0>{} + expr::operand<1>{});
  using finish = expr::replace<typename Activation::value, expr::operand<0>, sum>;
  for (std::size_t p = 0; p < of.pixels(); ++p, y += of.channels) {
    if constexpr (kIsAffine<Activation>) {
      using mapped = expr::replace<expr::replace<finish, expr::operand<3>, expr::operand<2>>,
                                   expr::operand<4>, expr::operand<3>>;
      EvaluateLoop(expr::fixed_results<mapped>{},
                   {y, bias, bias + Activation::pitch, bias + 2 * Activation::pitch}, {y}, of.channels);
    } else {
      EvaluateLoop(expr::fixed_results<finish>{}, {y, bias}, {y}, of.channels);
    }
  }
}

// Max pooling of [pixel][channel]. Pixels are written in order, so what a vector writes beyond its
// pixel is overwritten by the next; the last one reaches into the buffer's reserve.
inline HWY_ATTR void SingleMaxPool(const pooling& g, const float* x, float* y) {
  const std::size_t pixel = g.in.channels;
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    for (std::size_t ox = 0; ox < g.out.width; ++ox) {
      MaxPoolPixel(x + (oy * g.stride.rows * g.in.width + ox * g.stride.columns) * pixel,
                   g.in.width * pixel, pixel, g.kernel, pixel, y + (oy * g.out.width + ox) * pixel,
                   nullptr);
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
