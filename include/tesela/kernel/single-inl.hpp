// SPDX-License-Identifier: MIT
// One sample alone, for the lowest latency: the block layout with one lane, [height][width][channel],
// and the same weights. There is no batch to run vectors over, so they run
//
//   over columns    in the first convolution, on the channels-first image as the user has it
//   over outputs    where a row of the window is short: a product with the weights transposed, which
//                   are few where the window is small
//   along the sum   elsewhere, and in linear layers: dot products with the weights as they lie
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
// a vector of windows at a time, whatever their stride.
inline HWY_ATTR void SinglePoolPlanes(const pooling& g, float* planes, std::size_t row, float* y) {
  const D d;
  const std::size_t corners = (g.out.width - 1) * g.stride.columns + 1;
  for (std::size_t c = 0; c < g.out.channels; ++c) {
    for (std::size_t oy = 0; oy < g.out.height; ++oy) {
      float* corner = planes + (c * g.in.height + oy * g.stride.rows) * row;
      for (std::size_t x = 0; g.kernel.rows > 1 && x < g.in.width; x += kLanes) {
        V best = hn::LoadU(d, corner + x);
        for (std::size_t r = 1; r < g.kernel.rows; ++r) {
          best = MaxOrNaN(best, hn::LoadU(d, corner + r * row + x));
        }
        hn::StoreU(best, d, corner + x);
      }
      for (std::size_t x = 0; g.kernel.columns > 1 && x < corners; x += kLanes) {
        V best = hn::LoadU(d, corner + x);
        for (std::size_t k = 1; k < g.kernel.columns; ++k) {
          best = MaxOrNaN(best, hn::LoadU(d, corner + x + k));
        }
        hn::StoreU(best, d, corner + x);
      }
      float* to = y + oy * g.out.width * g.out.channels + c;
      for (std::size_t ox = 0; ox < g.out.width; ++ox) {
        to[ox * g.out.channels] = corner[ox * g.stride.columns];
      }
    }
  }
}

// Weights as [kernel row][kernel column x input channel][output channel], columns padded. Squares of
// weights are turned in registers, the last one of a row overlapping the one before it.
inline HWY_ATTR void SingleTransposeWeights(const convolution& g, const float* weights,
                                            float* transposed) {
  const D d;
  const std::size_t columns = transposed_weight_row(g), depth = g.row_depth();
  for (std::size_t ky = 0; ky < g.kernel.rows; ++ky, transposed += depth * columns) {
    const float* from = weights + ky * g.out.channels * g.weight_row();
    std::size_t co = 0;
    if (kTransposesInRegisters && depth >= kLanes) {
      for (; co + kLanes <= g.out.channels; co += kLanes) {
        for (std::size_t next = 0; next < depth; next += kLanes) {
          const std::size_t k = std::min(next, depth - kLanes);
          V square[kLanes];
          for (std::size_t i = 0; i < kLanes; ++i) {
            square[i] = hn::LoadU(d, from + (co + i) * g.weight_row() + k);
          }
          TransposeRegisters(square);
          for (std::size_t i = 0; i < kLanes; ++i) {
            hn::StoreU(square[i], d, transposed + (k + i) * columns + co);
          }
        }
      }
    }
    for (; co < g.out.channels; ++co) {
      for (std::size_t k = 0; k < depth; ++k) {
        transposed[k * columns + co] = from[co * g.weight_row() + k];
      }
    }
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
// once. `Pixels` at a time, as many as there are or 3: a network without convolutions compiles less.
template <std::size_t Pixels>
HWY_ATTR void SingleDots(const convolution& g, const float* weights, const float* x,
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
                MultiplyDots<WholeSums, Pixels>(sum, w, from, target, outputs, count);
              });
    }
  }
}

// The same with transposed weights: vectors run over outputs, tiles' rows are pixels. Tiles of up to 10
// rows: taller ones gain nothing with so short a sum, and a program for a device compiles each of them.
inline constexpr std::size_t kSingleRows = std::min<std::size_t>(kTileRows, 10);
inline HWY_ATTR void SingleTransposed(const convolution& g, const float* transposed, const float* x,
                                      float* y) {
  const auto row = static_cast<std::ptrdiff_t>(transposed_weight_row(g));
  const auto ci = static_cast<std::ptrdiff_t>(g.in.channels);
  const auto kernel_row = static_cast<std::ptrdiff_t>(g.row_depth()) * row;
  const auto in_row = static_cast<std::ptrdiff_t>(g.dilation.rows * g.in.width) * ci;
  const auto in_column = static_cast<std::ptrdiff_t>(g.dilation.columns) * ci;
  contraction sum;
  sum.a_row = static_cast<std::ptrdiff_t>(g.stride.columns) * ci;
  sum.a_step = 1;
  sum.b_step = row;
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    ForEachStretch(
        g, x, oy,
        [&](TapRange rows, TapRange columns, const float* from, std::size_t ox, std::size_t count)
            HWY_ATTR {
              LoopOverTaps(g, {rows.count, in_row, kernel_row},
                           {columns.count, in_column, ci * row}, g.in.channels, sum);
              const float* b = transposed + static_cast<std::ptrdiff_t>(rows.begin) * kernel_row +
                               static_cast<std::ptrdiff_t>(columns.begin) * ci * row;
              const TileTarget target{y + (oy * g.out.width + ox) * g.out.channels, g.out.channels,
                                      g.out.channels, false, false};
              Multiply<StridedRows, RowsFirst, KeepSum, kSingleRows>(sum, from, b, target, 0, count,
                                                                     0, g.out.channels, KeepSum{});
            });
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
