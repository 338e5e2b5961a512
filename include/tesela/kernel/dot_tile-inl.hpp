// SPDX-License-Identifier: MIT
// Sums whose terms are neighbours in both operands: vectors run along the sum.
//
//   for outer, middle, inner, k by whole vectors:      (the loops of a `contraction`)
//     load a vector of B for every column, one of A for every row
//     multiply-add them into rows x columns vectors of sums
//   add up the lanes of each, or keep them apart
#if defined(TESELA_KERNEL_DOT_TILE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_DOT_TILE_INL_HPP
#undef TESELA_KERNEL_DOT_TILE_INL_HPP
#else
#define TESELA_KERNEL_DOT_TILE_INL_HPP
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/kernel/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Where dot products are written: c[r * c_row + column * c_column] (+)= the sum.
struct DotTarget {
  float* c = nullptr;
  std::size_t c_row = 0, c_column = 0;
  bool add = false;
};

// What becomes of a sum's lanes: they are added up, or stay apart as a vector in C, because more sums
// come to the same place. The latter are sums along the lanes of a block, whose depth is known when
// the kernel is compiled: it is no more than a few vectors, and a loop over them would cost as much as
// the products.
struct WholeSums {
  static HWY_INLINE std::size_t Depth(const contraction& sum) { return sum.depth; }
};
struct SumsByLane {
  static HWY_INLINE std::size_t Depth(const contraction&) { return block_lanes; }
};

// One tile: B(k, column) = b[column * b_step + k], with a_step 1.
template <class Kind, std::size_t Rows, std::size_t Columns>
HWY_ATTR void DotTile(const contraction& sum, const float* a, const float* b,
                      const DotTarget& target) {
  const D d;
  V sums[Rows][Columns];
  TESELA_UNROLL
  for (std::size_t r = 0; r < Rows; ++r) {
    TESELA_UNROLL
    for (std::size_t j = 0; j < Columns; ++j) sums[r][j] = hn::Zero(d);
  }
  const std::ptrdiff_t a_row = sum.a_row, b_column = sum.b_step;
  for (std::size_t o = 0; o < sum.outer.count; ++o, a += sum.outer.a, b += sum.outer.b) {
    const float *a_middle = a, *b_middle = b;
    for (std::size_t m = 0; m < sum.middle.count; ++m) {
      const float *a_inner = a_middle, *b_inner = b_middle;
      for (std::size_t i = 0; i < sum.inner.count; ++i) {
        const float *a_k = a_inner, *b_k = b_inner;
        std::size_t left = Kind::Depth(sum);
        for (; left >= kLanes; left -= kLanes, a_k += kLanes, b_k += kLanes) {
          V b_vectors[Columns];
          TESELA_UNROLL
          for (std::size_t j = 0; j < Columns; ++j) {
            b_vectors[j] = hn::LoadU(d, b_k + static_cast<std::ptrdiff_t>(j) * b_column);
          }
          TESELA_UNROLL
          for (std::size_t r = 0; r < Rows; ++r) {
            const V a_vector = hn::LoadU(d, a_k + static_cast<std::ptrdiff_t>(r) * a_row);
            TESELA_UNROLL
            for (std::size_t j = 0; j < Columns; ++j) {
              sums[r][j] = hn::MulAdd(a_vector, b_vectors[j], sums[r][j]);
            }
          }
        }
        if (left != 0) {
          V b_vectors[Columns];
          TESELA_UNROLL
          for (std::size_t j = 0; j < Columns; ++j) {
            b_vectors[j] = LoadFirst(d, left, b_k + static_cast<std::ptrdiff_t>(j) * b_column);
          }
          TESELA_UNROLL
          for (std::size_t r = 0; r < Rows; ++r) {
            const V a_vector = LoadFirst(d, left, a_k + static_cast<std::ptrdiff_t>(r) * a_row);
            TESELA_UNROLL
            for (std::size_t j = 0; j < Columns; ++j) {
              sums[r][j] = hn::MulAdd(a_vector, b_vectors[j], sums[r][j]);
            }
          }
        }
        a_inner += sum.inner.a;
        b_inner += sum.inner.b;
      }
      a_middle += sum.middle.a;
      b_middle += sum.middle.b;
    }
  }
  if constexpr (std::is_same_v<Kind, SumsByLane>) {
    TESELA_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) {
      TESELA_UNROLL
      for (std::size_t j = 0; j < Columns; ++j) {
        float* to = target.c + r * target.c_row + j * target.c_column;
        if (target.add) sums[r][j] = hn::Add(sums[r][j], hn::LoadU(d, to));
        hn::StoreU(sums[r][j], d, to);
      }
    }
  } else {
    // By way of memory: a loop that is not unrolled would keep the sums there all along.
    HWY_ALIGN float lanes[Rows * Columns * kLanes];
    TESELA_UNROLL
    for (std::size_t r = 0; r < Rows; ++r) {
      TESELA_UNROLL
      for (std::size_t j = 0; j < Columns; ++j) {
        hn::Store(sums[r][j], d, lanes + (r * Columns + j) * kLanes);
      }
    }
#pragma GCC unroll 1
    for (std::size_t i = 0; i < Rows * Columns; ++i) {
      float* to = target.c + i / Columns * target.c_row + i % Columns * target.c_column;
      *to = SumOf(hn::Load(d, lanes + i * kLanes)) + (target.add ? *to : 0.0f);
    }
  }
}

// All of C by dot tiles of up to 3 columns and kDotRows rows: 4, 12 sums for 7 loads, or 8 where the
// registers are 32. A lone column takes 8 rows everywhere, enough chains to hide the latency of a
// multiply-add.
inline constexpr std::size_t kDotRows = kTileRows >= 12 ? 8 : 4;
template <class Kind, std::size_t MostColumns = 3>
HWY_ATTR void MultiplyDots(const contraction& sum, const float* a, const float* b,
                           const DotTarget& target, std::size_t rows, std::size_t columns) {
  using TileFunction = void (*)(const contraction&, const float*, const float*, const DotTarget&);
  // Of heights 1, 2, 4, 6 and 8.
  static constexpr auto kTiles = []<std::size_t... H>(std::index_sequence<H...>) {
    constexpr auto height_of = [](std::size_t h) { return h == 0 ? 1 : 2 * h; };
    std::array<std::array<TileFunction, 5>, MostColumns> tiles{{{&DotTile<Kind, height_of(H), 1>...}}};
    if constexpr (MostColumns == 3) {
      ((tiles[1][H] = &DotTile<Kind, std::min(height_of(H), kDotRows), 2>), ...);
      ((tiles[2][H] = &DotTile<Kind, std::min(height_of(H), kDotRows), 3>), ...);
    }
    return tiles;
  }(std::make_index_sequence<5>{});
  for (std::size_t column = 0; column < columns;) {
    const std::size_t width = std::min(columns - column, MostColumns);
    const std::size_t most = width == 1 ? 8 : kDotRows;
    ForEachRowTile(0, rows, most, [&](std::size_t row, std::size_t height) HWY_ATTR {
      DotTarget here = target;
      here.c += row * target.c_row + column * target.c_column;
      kTiles[width - 1][height / 2](sum, a + static_cast<std::ptrdiff_t>(row) * sum.a_row,
                                    b + static_cast<std::ptrdiff_t>(column) * sum.b_step, here);
    });
    column += width;
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
