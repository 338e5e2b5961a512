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
// The first two go through the image a few tiles at a time, and keep what they make in the L2 cache:
//
//   for every two tiles:
//     V = their patches, transformed
//     for 64 of the channels that are made:
//       for 64 of the channels that are summed:
//         U = the weights between them, transformed
//         M += U V                                       (at 36 positions)
//       Y = the output's transform of M, with its ending
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
#include <cstdint>
#include <type_traits>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/layout-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/tile-inl.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/kernel/winograd_transforms-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Tiles [first, end) of an image, row by row.
struct WinogradTileRange {
  winograd_tiles all;
  std::size_t first, end;

  std::size_t count() const { return end - first; }
  std::size_t Row(std::size_t tile) const { return tile / all.columns; }
  std::size_t Column(std::size_t tile) const { return tile % all.columns; }
};

// V[xi][tile][channel][lane] of a block's images, zeros outside them. The corner of the first patch is
// at (first_row, first_column): -padding for the input, padding - 2 for the output's gradient.
inline HWY_ATTR HWY_NOINLINE void WinogradPatches(const image& in,
                                                  const WinogradTileRange& tiles,
                                                  std::ptrdiff_t first_row,
                                                  std::ptrdiff_t first_column, const float* x,
                                                  std::size_t plane, float* patches) {
  const D d;
  const std::size_t pixel = in.channels * block_lanes;
  const auto height = static_cast<std::ptrdiff_t>(in.height);
  const auto width = static_cast<std::ptrdiff_t>(in.width);
  for (std::size_t t = tiles.first; t < tiles.end; ++t) {
    const std::ptrdiff_t y0 = first_row + static_cast<std::ptrdiff_t>(4 * tiles.Row(t));
    const std::ptrdiff_t x0 = first_column + static_cast<std::ptrdiff_t>(4 * tiles.Column(t));
    float* out = patches + (t - tiles.first) * pixel;
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
      for (std::size_t xi = 0; xi < 36; ++xi) hn::StoreU(transformed[xi], d, out + xi * plane + i);
    }
  }
}

// Patches with the sample outside, for the weight gradient: [xi][panel][tile][lane][channel], in panels as
// wide as a register tile, so that what a tile reads lies in one piece. (With all channels in a row, a
// processor that fetches ahead in straight lines left the products waiting half of their time.)
inline HWY_ATTR HWY_NOINLINE void WinogradTranspose(const WinogradTileRange& tiles,
                                                    std::size_t channels, const float* patches,
                                                    std::size_t plane, float* transposed) {
  const std::size_t to_plane = winograd_tile_plane(tiles.all.count(), channels);
  for (std::size_t xi = 0; xi < 36; ++xi) {
    for (std::size_t first = 0; first < channels; first += kTileColumns) {
      const std::size_t width = std::min(kTileColumns, channels - first);
      float* to = transposed + xi * to_plane + first * tiles.all.count() * block_lanes;
      for (std::size_t t = tiles.first; t < tiles.end; ++t) {
        const float* from = patches + xi * plane;
        TransposeLanes(from + ((t - tiles.first) * channels + first) * block_lanes, width,
                       to + t * width * block_lanes, width);
      }
    }
  }
}

// U[xi][co][ci] of output channels [co, co_end) and input channels [ci, ci_end), both counted from
// there; `turned` by 180 degrees for the way back.
inline HWY_ATTR HWY_NOINLINE void WinogradWeights(const convolution& g, const float* weights,
                                                  bool turned, std::size_t co, std::size_t co_end,
                                                  std::size_t ci, std::size_t ci_end,
                                                  float* transformed) {
  const D d;
  const std::size_t row = g.weight_row(), column = g.in.channels;
  const std::size_t kernel_row = g.out.channels * row;
  constexpr std::size_t plane = winograd_scratch::weight_plane();
  for (std::size_t o = co; o < co_end; ++o, transformed += winograd_panel) {
    for (std::size_t i = ci; i < ci_end; i += kLanes) {
      const std::size_t inside = ci_end - i;
      const float* from = weights + o * row + i;
      V taps[9], u[36];
      for (std::size_t tap = 0; tap < 9; ++tap) {
        const float* at = from + tap / 3 * kernel_row + tap % 3 * column;
        taps[turned ? 8 - tap : tap] = LoadFirst(d, inside, at);
        hwy::Prefetch(at + row);  // rows are far apart: the processor does not foresee the next one
      }
      Transform2D<WinogradWeight>(d, taps, u);
      for (std::size_t xi = 0; xi < 36; ++xi) {
        StoreFirst(u[xi], d, inside, transformed + xi * plane + (i - ci));
      }
    }
  }
}

// Where a tile of 4 x 4 results goes: its pixels, through `ending_of(pixel)`, to those of y.
template <class EndingOf>
struct WinogradPixels {
  image out;
  float* y;
  EndingOf ending_of;

  HWY_INLINE void operator()(D d, std::size_t ty, std::size_t tx, std::size_t channel,
                             std::size_t lane, const V (&tile)[16]) const {
    const std::size_t rows = std::min<std::size_t>(4, out.height - 4 * ty);
    const std::size_t columns = std::min<std::size_t>(4, out.width - 4 * tx);
    const std::size_t pixel = out.channels * block_lanes, i = channel * block_lanes + lane;
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t at = (4 * ty + r) * out.width + 4 * tx + c;
        hn::StoreU(ending_of(at)(d, tile[r * 4 + c], channel, lane), d, y + at * pixel + i);
      }
    }
  }
};

template <class EndingOf>  // clang 16 does not deduce an aggregate's
WinogradPixels(image, float*, EndingOf) -> WinogradPixels<EndingOf>;

// Pooled on the way: a tile holds whole windows (pools_in_tiles), so its pixels never reach memory.
template <class Ending>
struct WinogradWindows {
  pooling pool;
  float* y;
  std::uint8_t* winner;
  Ending ending;

  HWY_INLINE void operator()(D d, std::size_t ty, std::size_t tx, std::size_t channel,
                             std::size_t lane, const V (&tile)[16]) const {
    HWY_ALIGN float pixels[16 * kLanes];
    for (std::size_t p = 0; p < 16; ++p) {
      hn::Store(ending(d, tile[p], channel, lane), d, pixels + p * kLanes);
    }
    const std::size_t side = 4 / pool.kernel.rows;  // windows a tile, along either axis
    // Windows that the image's edge cuts do not count.
    const std::size_t rows = std::min(side, pool.out.height - std::min(pool.out.height, side * ty));
    const std::size_t columns = std::min(side, pool.out.width - std::min(pool.out.width, side * tx));
    const std::size_t pixel = pool.out.channels * block_lanes, i = channel * block_lanes + lane;
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        const std::size_t at = ((side * ty + r) * pool.out.width + side * tx + c) * pixel + i;
        MaxPoolPixel(pixels + (r * pool.kernel.rows * 4 + c * pool.kernel.columns) * kLanes,
                     4 * kLanes, kLanes, pool.kernel, kLanes, y + at,
                     winner == nullptr ? nullptr : winner + at);
      }
    }
  }
};

template <class Ending>
WinogradWindows(pooling, float*, std::uint8_t*, Ending) -> WinogradWindows<Ending>;

// Transforms the products of channels [first, first + rows), [xi][tile][channel][lane], and gives every
// tile's results to `store`.
template <class Store>
HWY_ATTR void WinogradResults(const WinogradTileRange& tiles, std::size_t first, std::size_t rows,
                              const float* products, std::size_t plane, const Store& store) {
  const D d;
  const std::size_t numbers = rows * block_lanes;
  for (std::size_t t = tiles.first; t < tiles.end; ++t) {
    const float* in = products + (t - tiles.first) * numbers;
    for (std::size_t i = 0; i < numbers; i += kLanes) {
      V m[36], tile[16];
      for (std::size_t xi = 0; xi < 36; ++xi) m[xi] = hn::LoadU(d, in + xi * plane + i);
      Transform2D<WinogradOutput>(d, m, tile);
      store(d, tiles.Row(t), tiles.Column(t), first + i / block_lanes, i % block_lanes, tile);
    }
  }
}

// The way forward from x or, `turned`, back from the output's gradient: every tile of the result goes to
// `store`. `transposed`, where given, receives the patches as the weight gradient wants them.
template <bool Turned, class Store>
HWY_ATTR void WinogradConvolve(const convolution& g, const float* weights, const float* x,
                               float* transposed, float* scratch, const Store& store) {
  const image& from = Turned ? g.out : g.in;
  const image& to = Turned ? g.in : g.out;
  const winograd_tiles all = tiles_of(to);
  const winograd_scratch room(all, from.channels, to.channels);
  const std::size_t patch_plane = room.patch_plane(), product_plane = room.product_plane();
  float *patches = scratch, *products = scratch + room.products();
  float* transformed = scratch + room.weights();
  const auto corner = [](std::size_t padding) {
    const auto p = static_cast<std::ptrdiff_t>(padding);
    return Turned ? p - 2 : -p;
  };
  using rows_of_weights = std::conditional_t<Turned, AdjacentRows, StridedRows>;
  contraction sum;
  sum.a_row = Turned ? 1 : winograd_panel;
  sum.a_step = Turned ? winograd_panel : 1;
  sum.b_step = block_lanes;
  sum.next_b = static_cast<std::ptrdiff_t>(patch_plane);

  ForEachPiece(0, all.count(), room.tiles, [&](std::size_t tile, std::size_t count) HWY_ATTR {
    const WinogradTileRange tiles{all, tile, tile + count};
    WinogradPatches(from, tiles, corner(g.padding.rows), corner(g.padding.columns), x, patch_plane,
                    patches);
    if (transposed != nullptr) {
      WinogradTranspose(tiles, from.channels, patches, patch_plane, transposed);
    }
    ForEachPiece(0, to.channels, room.to, [&](std::size_t row, std::size_t rows) HWY_ATTR {
      ForEachPiece(0, from.channels, winograd_panel, [&](std::size_t k, std::size_t depth) HWY_ATTR {
        if constexpr (Turned) {
          WinogradWeights(g, weights, true, k, k + depth, row, row + rows, transformed);
        } else {
          WinogradWeights(g, weights, false, row, row + rows, k, k + depth, transformed);
        }
        sum.depth = depth;
        for (std::size_t xi = 0; xi < 36; ++xi) {
          for (std::size_t t = 0; t < count; ++t) {
            const TileTarget target{products + xi * product_plane + t * rows * block_lanes,
                                    block_lanes, block_lanes, k != 0, false};
            Multiply<rows_of_weights, RowsFirst>(
                sum, transformed + xi * winograd_scratch::weight_plane(),
                patches + xi * patch_plane + (t * from.channels + k) * block_lanes, target, 0, rows,
                0, block_lanes, KeepSum{});
          }
        }
      });
      WinogradResults(tiles, row, rows, products, product_plane, store);
    });
  });
}

// (A dY A^T)[xi][panel][tile][co][lane], the output's gradient as the weight gradient needs it, in panels of
// as many channels as it is computed for at a time.
inline HWY_ATTR HWY_NOINLINE void WinogradGradientTiles(const image& out,
                                                        const winograd_tiles& tiles,
                                                        const float* dy, float* gradients) {
  const D d;
  const std::size_t pixel = out.channels * block_lanes;
  const std::size_t plane = winograd_tile_plane(tiles.count(), out.channels);
  for (std::size_t ty = 0; ty < tiles.rows; ++ty) {
    for (std::size_t tx = 0; tx < tiles.columns; ++tx) {
      for (std::size_t first = 0; first < out.channels; first += winograd_gradient_panel) {
        const std::size_t width = std::min(winograd_gradient_panel, out.channels - first);
        float* to = gradients +
                    (first * tiles.count() + (ty * tiles.columns + tx) * width) * block_lanes;
        for (std::size_t i = 0; i < width * block_lanes; i += kLanes) {
          V tile[16], transformed[36];
          for (std::size_t r = 0; r < 4; ++r) {
            for (std::size_t c = 0; c < 4; ++c) {
              const std::size_t py = 4 * ty + r, px = 4 * tx + c;
              const float* from = dy + (py * out.width + px) * pixel + first * block_lanes + i;
              const bool inside = py < out.height && px < out.width;
              tile[r * 4 + c] = inside ? hn::LoadU(d, from) : hn::Zero(d);
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
}

// The weight gradient of the panel of output channels [row, row_end): for 64 input channels at a time, dU
// by products over all blocks' tiles and lanes, then dW from it. dU is scratch that stays in the cache
// (winograd_gradient_floats). Both factors are read from memory, in the order in which they lie, and asked
// for one panel ahead.
inline HWY_ATTR void WinogradWeightGradients(const convolution& g, const winograd_tiles& tiles,
                                             std::size_t row, std::size_t row_end,
                                             const float* gradients, const float* patches_transposed,
                                             std::size_t blocks, std::size_t block_stride,
                                             float* scratch, float* dweights) {
  const D d;
  const std::size_t rows = row_end - row, ci = g.in.channels;
  constexpr std::size_t kColumns = winograd_gradient_panel, pitch = winograd_gradient_pitch;
  static_assert(kColumns % kTileColumns == 0);
  contraction sum;
  sum.middle = {blocks, static_cast<std::ptrdiff_t>(block_stride),
                static_cast<std::ptrdiff_t>(block_stride)};
  sum.depth = block_lanes;
  sum.a_row = static_cast<std::ptrdiff_t>(block_lanes);
  sum.a_step = 1;
  constexpr std::size_t kStreamDepth = 256;  // a panel of it is 32 KB with AVX-512
  const std::size_t a_plane = winograd_tile_plane(tiles.count(), g.out.channels);
  const std::size_t b_plane = winograd_tile_plane(tiles.count(), ci);
  const std::size_t beside = tiles.count() * block_lanes;  // from one channel to the next
  const std::size_t kernel_row = g.out.channels * g.weight_row();

  for (std::size_t first = 0; first < ci; first += kColumns) {
    const std::size_t columns = std::min(kColumns, ci - first);
    for (std::size_t xi = 0; xi < 36; ++xi) {
      const float* a = gradients + xi * a_plane + row * beside;
      const float* b = patches_transposed + xi * b_plane + first * beside;
      for (std::size_t column = 0; column < columns; column += kTileColumns) {
        const std::size_t width = std::min(kTileColumns, columns - column);
        sum.inner = {tiles.count(), static_cast<std::ptrdiff_t>(rows * block_lanes),
                     static_cast<std::ptrdiff_t>(width * block_lanes)};
        sum.b_step = static_cast<std::ptrdiff_t>(width);
        const float* panel = b + column * beside;
        // Next is the panel of patches beside this one, or the first at the next position, and the
        // gradients there, of which every panel asks for another line of a row.
        const bool last = column + kTileColumns >= columns;
        sum.next_a = static_cast<std::ptrdiff_t>(a_plane + column / kTileColumns * kLine);
        sum.next_b = (last ? b + b_plane : panel + kTileColumns * beside) - panel;
        float* c = scratch + xi * rows * pitch + column;
        ForEachPart(sum, a, panel, kStreamDepth,
                    [&](const contraction& part, const float* part_a, const float* part_b, bool add,
                        bool) HWY_ATTR {
                      const TileTarget target{c, pitch, width, add, false};
                      Multiply<StridedRows, RowsFirst>(part, part_a, part_b, target, 0, rows, 0,
                                                       width, KeepSum{});
                    });
      }
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
                     dweights + tap / 3 * kernel_row + (row + r) * g.weight_row() + tap % 3 * ci +
                         first + c);
        }
      }
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
