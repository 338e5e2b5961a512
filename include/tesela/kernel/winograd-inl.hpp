// SPDX-License-Identifier: MIT
// Winograd's convolution F(4x4, 3x3): 16 outputs of a 3x3 window for 36 products instead of 144.
//
//   output tile  Y = A^T [ sum over ci of (G w G^T) * (B^T d B) ] A        (* elementwise, 6x6)
//
// d is the 6x6 patch of the input under a 4x4 tile of the output. For each of the 36 positions the
// sum over ci is a plain product, channels x lanes, by the same micro-kernel as everywhere:
//
//   forward          M[xi][tile][co] = sum over ci of  U[xi][co][ci] * V[xi][tile][ci]
//   data gradient    the same with the window turned by 180 degrees and co, ci exchanged
//   weight gradient  dU[xi][co][ci] = sum over tiles, samples of  (A dY A^T)[co] * V[ci],
//                    dW = G^T dU G
//
// Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016); points 0, 1, -1, 2,
// -2 and infinity. The transforms cost accuracy: with numbers from a normal distribution every pass
// is within 2e-5 of its largest result (measured up to 9.2e-6, with 256 channels).
#if defined(TESELA_KERNEL_WINOGRAD_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_WINOGRAD_INL_HPP
#undef TESELA_KERNEL_WINOGRAD_INL_HPP
#else
#define TESELA_KERNEL_WINOGRAD_INL_HPP
#endif

#include <algorithm>
#include <cstddef>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/layout-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/tile-inl.hpp"
#include "tesela/kernel/winograd.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// The one-dimensional transforms: from kFrom to kTo vectors, every `step`-th of an array.

// B^T d, 6 -> 6.
struct WinogradInput {
  static constexpr std::size_t kFrom = 6, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V two = hn::Set(d, 2.0f), four = hn::Set(d, 4.0f), five = hn::Set(d, 5.0f);
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step],
            x5 = x[5 * step];
    const V even = hn::NegMulAdd(four, x2, x4);                 // x4 - 4 x2
    const V odd = hn::NegMulAdd(four, x1, x3);                  // x3 - 4 x1
    const V even2 = hn::Sub(x4, x2);                            // x4 - x2
    const V odd2 = hn::Mul(two, hn::Sub(x3, x1));               // 2 (x3 - x1)
    y[0] = hn::Add(hn::NegMulAdd(five, x2, x4), hn::Mul(four, x0));
    y[y_step] = hn::Add(even, odd);
    y[2 * y_step] = hn::Sub(even, odd);
    y[3 * y_step] = hn::Add(even2, odd2);
    y[4 * y_step] = hn::Sub(even2, odd2);
    y[5 * y_step] = hn::Add(hn::NegMulAdd(five, x3, x5), hn::Mul(four, x1));
  }
};

// A^T m, 6 -> 4.
struct WinogradOutput {
  static constexpr std::size_t kFrom = 6, kTo = 4;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V sum1 = hn::Add(x[step], x[2 * step]), difference1 = hn::Sub(x[step], x[2 * step]);
    const V sum2 = hn::Add(x[3 * step], x[4 * step]), difference2 = hn::Sub(x[3 * step], x[4 * step]);
    const V x0 = x[0], x5 = x[5 * step];
    y[0] = hn::Add(x0, hn::Add(sum1, sum2));
    y[y_step] = hn::MulAdd(hn::Set(d, 2.0f), difference2, difference1);
    y[2 * y_step] = hn::MulAdd(hn::Set(d, 4.0f), sum2, sum1);
    y[3 * y_step] = hn::Add(hn::MulAdd(hn::Set(d, 8.0f), difference2, difference1), x5);
  }
};

// A y, 4 -> 6: the transpose of the one above, for the gradient.
struct WinogradOutputGradient {
  static constexpr std::size_t kFrom = 4, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step];
    const V even1 = hn::Add(x0, x2), odd1 = hn::Add(x1, x3);
    const V even2 = hn::MulAdd(hn::Set(d, 4.0f), x2, x0);
    const V odd2 = hn::MulAdd(hn::Set(d, 8.0f), x3, hn::Add(x1, x1));
    y[0] = x0;
    y[y_step] = hn::Add(even1, odd1);
    y[2 * y_step] = hn::Sub(even1, odd1);
    y[3 * y_step] = hn::Add(even2, odd2);
    y[4 * y_step] = hn::Sub(even2, odd2);
    y[5 * y_step] = x3;
  }
};

// G w, 3 -> 6.
struct WinogradWeight {
  static constexpr std::size_t kFrom = 3, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step];
    const V sixth = hn::Set(d, -1.0f / 6), outer = hn::Mul(sixth, hn::Add(x0, x2));
    const V inner = hn::Mul(sixth, x1);
    const V wide = hn::MulAdd(hn::Set(d, 1.0f / 24), x0, hn::Mul(hn::Set(d, 1.0f / 6), x2));
    const V half = hn::Mul(hn::Set(d, 1.0f / 12), x1);
    y[0] = hn::Mul(hn::Set(d, 0.25f), x0);
    y[y_step] = hn::Add(outer, inner);
    y[2 * y_step] = hn::Sub(outer, inner);
    y[3 * y_step] = hn::Add(wide, half);
    y[4 * y_step] = hn::Sub(wide, half);
    y[5 * y_step] = x2;
  }
};

// G^T u, 6 -> 3: the transpose of the one above, for the gradient.
struct WinogradWeightGradient {
  static constexpr std::size_t kFrom = 6, kTo = 3;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x5 = x[5 * step];
    const V sum1 = hn::Add(x[step], x[2 * step]), difference1 = hn::Sub(x[step], x[2 * step]);
    const V sum2 = hn::Add(x[3 * step], x[4 * step]), difference2 = hn::Sub(x[3 * step], x[4 * step]);
    const V sixth = hn::Set(d, -1.0f / 6);
    const V outer = hn::Mul(sixth, sum1);
    y[0] = hn::MulAdd(hn::Set(d, 0.25f), x0, hn::MulAdd(hn::Set(d, 1.0f / 24), sum2, outer));
    y[y_step] = hn::MulAdd(hn::Set(d, 1.0f / 12), difference2, hn::Mul(sixth, difference1));
    y[2 * y_step] = hn::Add(hn::MulAdd(hn::Set(d, 1.0f / 6), sum2, outer), x5);
  }
};

// Both directions: columns of a square array, then rows.
template <class Transform>
HWY_INLINE void Transform2D(D d, const V (&x)[Transform::kFrom * Transform::kFrom],
                            V (&y)[Transform::kTo * Transform::kTo]) {
  constexpr std::size_t kFrom = Transform::kFrom, kTo = Transform::kTo;
  V half[kTo * kFrom];
  for (std::size_t c = 0; c < kFrom; ++c) Transform::Apply(d, x + c, kFrom, half + c, kFrom);
  for (std::size_t r = 0; r < kTo; ++r) Transform::Apply(d, half + r * kFrom, 1, y + r * kTo, 1);
}

// V[xi][tile][channel][lane] of an image of a block, zeros outside it. The corner of the first
// patch is at (first_row, first_column): -padding for the input, padding - 2 for the output's
// gradient.
inline HWY_ATTR void WinogradPatches(const image& in, const winograd_tiles& tiles,
                                     std::ptrdiff_t first_row, std::ptrdiff_t first_column,
                                     const float* x, float* patches) {
  const D d;
  const std::size_t pixel = in.channels * block_lanes;
  const std::size_t plane = winograd_tile_plane(tiles, in.channels);
  const auto height = static_cast<std::ptrdiff_t>(in.height);
  const auto width = static_cast<std::ptrdiff_t>(in.width);
  for (std::size_t ty = 0; ty < tiles.rows; ++ty) {
    for (std::size_t tx = 0; tx < tiles.columns; ++tx) {
      const std::ptrdiff_t y0 = first_row + static_cast<std::ptrdiff_t>(4 * ty);
      const std::ptrdiff_t x0 = first_column + static_cast<std::ptrdiff_t>(4 * tx);
      float* out = patches + (ty * tiles.columns + tx) * pixel;
      for (std::size_t i = 0; i < pixel; i += kLanes) {
        V patch[36], transformed[36];
        for (std::ptrdiff_t r = 0; r < 6; ++r) {
          for (std::ptrdiff_t c = 0; c < 6; ++c) {
            const std::ptrdiff_t py = y0 + r, px = x0 + c;
            const bool inside = py >= 0 && py < height && px >= 0 && px < width;
            patch[r * 6 + c] =
                inside ? hn::LoadU(d, x + static_cast<std::size_t>(py * width + px) * pixel + i)
                       : hn::Zero(d);
          }
        }
        Transform2D<WinogradInput>(d, patch, transformed);
        for (std::size_t xi = 0; xi < 36; ++xi) {
          hn::StoreU(transformed[xi], d, out + xi * plane + i);
        }
      }
    }
  }
}

// M[xi][tile][row][lane] = sum over k < depth of A[xi][row][k] * V[xi][tile][k][lane], rows of A
// `a_row` floats apart. The weights of a part stay in the cache for all tiles.
inline HWY_ATTR void WinogradProducts(const winograd_tiles& tiles, const float* weights,
                                      std::size_t weight_plane, std::size_t a_row, std::size_t rows,
                                      std::size_t depth, const float* patches, float* products) {
  contraction sum;
  sum.depth = depth;
  sum.a_row = static_cast<std::ptrdiff_t>(a_row);
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(block_lanes);
  for (std::size_t xi = 0; xi < 36; ++xi) {
    const float* b = patches + xi * winograd_tile_plane(tiles, depth);
    float* c = products + xi * winograd_tile_plane(tiles, rows);
    ForEachPart(sum, weights + xi * weight_plane, b, kPanelDepth,
                [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                    bool) HWY_ATTR {
                  for (std::size_t t = 0; t < tiles.count(); ++t) {
                    const TileTarget target{c + t * rows * block_lanes, block_lanes, block_lanes,
                                            add, false};
                    Multiply<StridedRows, RowsFirst>(part, part_a,
                                                     part_b + t * depth * block_lanes, target, 0,
                                                     rows, 0, block_lanes, KeepSum{});
                  }
                });
  }
}

// The output tiles of `products`, through `ending_of(pixel)`, to the pixels of y.
template <class EndingOf>
HWY_ATTR void WinogradResults(const image& out, const winograd_tiles& tiles, const float* products,
                              float* y, const EndingOf& ending_of) {
  const D d;
  const std::size_t pixel = out.channels * block_lanes;
  const std::size_t plane = winograd_tile_plane(tiles, out.channels);
  for (std::size_t ty = 0; ty < tiles.rows; ++ty) {
    for (std::size_t tx = 0; tx < tiles.columns; ++tx) {
      const float* in = products + (ty * tiles.columns + tx) * pixel;
      const std::size_t rows = std::min<std::size_t>(4, out.height - 4 * ty);
      const std::size_t columns = std::min<std::size_t>(4, out.width - 4 * tx);
      for (std::size_t i = 0; i < pixel; i += kLanes) {
        V m[36], tile[16];
        for (std::size_t xi = 0; xi < 36; ++xi) m[xi] = hn::LoadU(d, in + xi * plane + i);
        Transform2D<WinogradOutput>(d, m, tile);
        const std::size_t channel = i / block_lanes, lane = i % block_lanes;
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t at = (4 * ty + r) * out.width + 4 * tx + c;
            hn::StoreU(ending_of(at)(d, tile[r * 4 + c], channel, lane), d, y + at * pixel + i);
          }
        }
      }
    }
  }
}

// The same, pooled on the way: the tile of 4 x 4 pixels holds whole windows (pools_in_tiles), so the
// pixels never reach memory.
template <class Ending>
HWY_ATTR void WinogradPooledResults(const image& out, const winograd_tiles& tiles,
                                    const pooling& pool, const float* products, float* y,
                                    std::uint8_t* winner, const Ending& ending) {
  const D d;
  const std::size_t pixel = out.channels * block_lanes;
  const std::size_t plane = winograd_tile_plane(tiles, out.channels);
  const std::size_t side = 4 / pool.kernel.rows;  // windows a tile, along either axis
  HWY_ALIGN float pixels[16 * kLanes];
  for (std::size_t ty = 0; ty < tiles.rows; ++ty) {
    for (std::size_t tx = 0; tx < tiles.columns; ++tx) {
      const float* in = products + (ty * tiles.columns + tx) * pixel;
      // Windows that the image's edge cuts do not count.
      const std::size_t rows = std::min(side, pool.out.height - std::min(pool.out.height, side * ty));
      const std::size_t columns = std::min(side, pool.out.width - std::min(pool.out.width, side * tx));
      for (std::size_t i = 0; i < pixel; i += kLanes) {
        V m[36], tile[16];
        for (std::size_t xi = 0; xi < 36; ++xi) m[xi] = hn::LoadU(d, in + xi * plane + i);
        Transform2D<WinogradOutput>(d, m, tile);
        const std::size_t channel = i / block_lanes, lane = i % block_lanes;
        for (std::size_t p = 0; p < 16; ++p) {
          hn::Store(ending(d, tile[p], channel, lane), d, pixels + p * kLanes);
        }
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t c = 0; c < columns; ++c) {
            const std::size_t at = ((side * ty + r) * pool.out.width + side * tx + c) * pixel + i;
            MaxPoolPixel(pixels + (r * pool.kernel.rows * 4 + c * pool.kernel.columns) * kLanes,
                         4 * kLanes, kLanes, pool.kernel, kLanes, y + at,
                         winner == nullptr ? nullptr : winner + at);
          }
        }
      }
    }
  }
}

// (A dY A^T)[xi][tile][co][lane]: the output's gradient as the weight gradient needs it.
inline HWY_ATTR void WinogradGradientTiles(const image& out, const winograd_tiles& tiles,
                                           const float* dy, float* gradients) {
  const D d;
  const std::size_t pixel = out.channels * block_lanes;
  const std::size_t plane = winograd_tile_plane(tiles, out.channels);
  for (std::size_t ty = 0; ty < tiles.rows; ++ty) {
    for (std::size_t tx = 0; tx < tiles.columns; ++tx) {
      float* to = gradients + (ty * tiles.columns + tx) * pixel;
      for (std::size_t i = 0; i < pixel; i += kLanes) {
        V tile[16], transformed[36];
        for (std::size_t r = 0; r < 4; ++r) {
          for (std::size_t c = 0; c < 4; ++c) {
            const std::size_t py = 4 * ty + r, px = 4 * tx + c;
            const bool inside = py < out.height && px < out.width;
            tile[r * 4 + c] =
                inside ? hn::LoadU(d, dy + (py * out.width + px) * pixel + i) : hn::Zero(d);
          }
        }
        Transform2D<WinogradOutputGradient>(d, tile, transformed);
        for (std::size_t xi = 0; xi < 36; ++xi) {
          hn::StoreU(transformed[xi], d, to + xi * plane + i);
        }
      }
    }
  }
}

// One vector of transformed weights at each of the 36 positions; `to` is the first one's place.
HWY_INLINE void StoreWinogradWeights(D d, const V (&taps)[9], std::size_t inside, std::size_t plane,
                                     float* to) {
  V u[36];
  Transform2D<WinogradWeight>(d, taps, u);
  for (std::size_t xi = 0; xi < 36; ++xi) StoreFirst(u[xi], d, inside, to + xi * plane);
}

// U[xi][co][ci], for the way forward, of output channels [begin, end).
inline HWY_ATTR void WinogradWeights(const convolution& g, const float* weights, std::size_t begin,
                                     std::size_t end, float* transformed) {
  const D d;
  const std::size_t kernel_row = g.out.channels * g.weight_row();
  const std::size_t plane = winograd_weight_plane(g), row = winograd_row(g.in.channels);
  for (std::size_t co = begin; co < end; ++co) {
    for (std::size_t ci = 0; ci < g.in.channels; ci += kLanes) {
      const std::size_t inside = g.in.channels - ci;
      V taps[9];
      for (std::size_t tap = 0; tap < 9; ++tap) {
        taps[tap] = LoadFirst(d, inside, weights + tap / 3 * kernel_row + co * g.weight_row() +
                                             tap % 3 * g.in.channels + ci);
      }
      StoreWinogradWeights(d, taps, inside, plane, transformed + co * row + ci);
    }
  }
}

// The window turned by 180 degrees and co, ci exchanged: U[xi][ci][co], for the way back, of input
// channels [begin, end). 16 x 128 weights at a time are laid out with co inside, 74 KB, so that rows of
// U are written in whole cache lines.
inline HWY_ATTR void WinogradTurnedWeights(const convolution& g, const float* weights,
                                           std::size_t begin, std::size_t end, float* transformed) {
  const D d;
  const std::size_t kernel_row = g.out.channels * g.weight_row();
  const std::size_t plane = winograd_weight_plane(g), row = winograd_row(g.out.channels);
  constexpr std::size_t kInputs = 16, kOutputs = 128;
  HWY_ALIGN float turned[9][kInputs * kOutputs];
  for (std::size_t co = 0; co < g.out.channels; co += kOutputs) {
    const std::size_t outputs = std::min(kOutputs, g.out.channels - co);
    for (std::size_t ci = begin; ci < end; ci += kInputs) {
      const std::size_t inputs = std::min(kInputs, end - ci);
      for (std::size_t tap = 0; tap < 9; ++tap) {
        const float* from = weights + (8 - tap) / 3 * kernel_row + co * g.weight_row() +
                            (8 - tap) % 3 * g.in.channels + ci;
        const auto load = [&](std::size_t o, std::size_t i) HWY_ATTR {
          return o < outputs ? LoadFirst(d, inputs - i, from + o * g.weight_row() + i) : hn::Zero(d);
        };
        for (std::size_t o = 0; o < outputs; o += 4) {
          for (std::size_t i = 0; i < inputs; i += kLanes) {
            StoreTransposed4(load(o, i), load(o + 1, i), load(o + 2, i), load(o + 3, i),
                             turned[tap] + i * kOutputs + o, kOutputs);
          }
        }
      }
      for (std::size_t i = 0; i < inputs; ++i) {
        for (std::size_t o = 0; o < outputs; o += kLanes) {
          V taps[9];
          for (std::size_t tap = 0; tap < 9; ++tap) {
            taps[tap] = hn::LoadU(d, turned[tap] + i * kOutputs + o);
          }
          StoreWinogradWeights(d, taps, outputs - o, plane,
                               transformed + (ci + i) * row + co + o);
        }
      }
    }
  }
}

// The weight gradient of output channels [row, row_end): for 64 input channels at a time, dU by
// products over all blocks' tiles and lanes, then dW from it. dU is scratch that stays in the cache:
// 36 x 56 x 80 floats are 645 KB; a share has its own part of `transformed`.
inline HWY_ATTR void WinogradWeightGradients(const convolution& g, const winograd_tiles& tiles,
                                             std::size_t row, std::size_t row_end,
                                             const float* gradients, const float* patches_transposed,
                                             std::size_t blocks, std::size_t block_stride,
                                             float* transformed, float* dweights) {
  const D d;
  const std::size_t u_row = winograd_row(g.in.channels), rows = row_end - row;
  constexpr std::size_t kColumns = 64;
  const std::size_t pitch = std::min(u_row, kColumns + 16);
  float* scratch = transformed + 36 * row * u_row;
  contraction sum;
  sum.middle = {blocks, static_cast<std::ptrdiff_t>(block_stride),
                static_cast<std::ptrdiff_t>(block_stride)};
  sum.inner = {tiles.count(), static_cast<std::ptrdiff_t>(g.out.channels * block_lanes),
               static_cast<std::ptrdiff_t>(u_row * block_lanes)};
  sum.depth = block_lanes;
  sum.a_row = static_cast<std::ptrdiff_t>(block_lanes);
  sum.a_step = 1;
  sum.b_step = static_cast<std::ptrdiff_t>(u_row);
  constexpr std::size_t kStreamDepth = 256;  // 64 channels of it are 64 KB
  const std::size_t kernel_row = g.out.channels * g.weight_row();

  for (std::size_t first = 0; first < g.in.channels; first += kColumns) {
    const std::size_t columns = std::min(kColumns, g.in.channels - first);
    for (std::size_t xi = 0; xi < 36; ++xi) {
      const float* a = gradients + xi * winograd_tile_plane(tiles, g.out.channels) + row * block_lanes;
      const float* b = patches_transposed + xi * winograd_tile_plane(tiles, u_row) + first;
      ForEachPart(sum, a, b, kStreamDepth,
                  [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                      bool) HWY_ATTR {
                    const TileTarget target{scratch + xi * rows * pitch, pitch, columns, add, false};
                    Multiply<StridedRows, ColumnsFirst>(part, part_a, part_b, target, 0, rows, 0,
                                                        columns, KeepSum{});
                  });
    }
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; c += kLanes) {
        const std::size_t inside = columns - c;
        V u[36], w[9];
        for (std::size_t xi = 0; xi < 36; ++xi) {
          u[xi] = LoadFirst(d, inside, scratch + (xi * rows + r) * pitch + c);
        }
        Transform2D<WinogradWeightGradient>(d, u, w);
        for (std::size_t tap = 0; tap < 9; ++tap) {
          StoreFirst(w[tap], d, inside,
                     dweights + tap / 3 * kernel_row + (row + r) * g.weight_row() +
                         tap % 3 * g.in.channels + first + c);
        }
      }
    }
  }
}

// The steps of a convolution before its ending.
inline HWY_ATTR void WinogradPatchesAndProducts(const convolution& g, const float* transformed,
                                                const float* x, float* patches, float* products) {
  const winograd_tiles tiles = tiles_of(g.out);
  WinogradPatches(g.in, tiles, -static_cast<std::ptrdiff_t>(g.padding.rows),
                  -static_cast<std::ptrdiff_t>(g.padding.columns), x, patches);
  WinogradProducts(tiles, transformed, winograd_weight_plane(g), winograd_row(g.in.channels),
                   g.out.channels, g.in.channels, patches, products);
}

template <class EndingOf>
HWY_ATTR void WinogradDataGradient(const convolution& g, const float* transformed, const float* dy,
                                   float* patches, float* products, float* dx,
                                   const EndingOf& ending_of) {
  const winograd_tiles tiles = tiles_of(g.in);
  WinogradPatches(g.out, tiles, static_cast<std::ptrdiff_t>(g.padding.rows) - 2,
                  static_cast<std::ptrdiff_t>(g.padding.columns) - 2, dy, patches);
  WinogradProducts(tiles, transformed, winograd_weight_plane(g), winograd_row(g.out.channels),
                   g.in.channels, g.out.channels, patches, products);
  WinogradResults(g.in, tiles, products, dx, ending_of);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
