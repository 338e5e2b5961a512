// SPDX-License-Identifier: MIT
// The micro-kernel: one register tile of a sum of products, for every product and convolution.
//
//   for outer, middle, inner, k:                       (the loops of a `contraction`)
//     load kTileVectors vectors of B(k, :)
//     for each row r of the tile:
//       broadcast A(r, k) and multiply-add it into the tile's accumulators
//   add what C holds, if asked; apply the ending (bias, activation, mask); store
//
// All strides are run-time values, so the kernel is instantiated per tile height and ending only.
// The endings stand in ending-inl.hpp.
#if defined(TESELA_KERNEL_TILE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_TILE_INL_HPP
#undef TESELA_KERNEL_TILE_INL_HPP
#else
#define TESELA_KERNEL_TILE_INL_HPP
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Where a tile is written. Rows and columns are counted from the corner of C, so that an ending
// knows which bias or which activation belongs to an element.
struct TileTarget {
  float* c = nullptr;        // element (0, 0) of C
  std::size_t c_row = 0;     // floats from one row of C to the next
  std::size_t columns = 0;   // columns of C; a tile across this edge stores only what is inside
  bool add = false;          // add to what C holds
  bool finish = true;        // apply the ending: only to whole vectors, false while more is to come
};

// How the rows of A lie. Strided rows are addressed from one pointer per four rows: x86 adds 1 or 2
// times the stride to an address for free, and 14 separate pointers would not fit the registers.
struct StridedRows {
  static constexpr std::size_t kGroup = 4;
  static HWY_INLINE std::ptrdiff_t Offset(std::size_t r, std::ptrdiff_t a_row) {
    return static_cast<std::ptrdiff_t>(r) * a_row;
  }
};
// Rows next to each other (a_row = 1): all of them at constant offsets from one pointer.
struct AdjacentRows {
  static constexpr std::size_t kGroup = kTileRows;
  static HWY_INLINE std::ptrdiff_t Offset(std::size_t r, std::ptrdiff_t) {
    return static_cast<std::ptrdiff_t>(r);
  }
};

template <class RowLayout, std::size_t Rows, std::size_t Vectors, class Ending>
HWY_ATTR HWY_NOINLINE void Tile(const contraction& sum, const float* a, const float* b,
                                const TileTarget& target, std::size_t row, std::size_t column,
                                const Ending& ending) {
  const D d;
  V accumulators[Rows][Vectors];
  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t v = 0; v < Vectors; ++v) accumulators[r][v] = hn::Zero(d);
  }

  constexpr std::size_t kGroups = (Rows + RowLayout::kGroup - 1) / RowLayout::kGroup;
  const std::ptrdiff_t a_row = sum.a_row, a_step = sum.a_step, b_step = sum.b_step;
  // Every level runs at least once: an empty sum has depth 0.
  std::size_t outer = sum.outer.count;
  do {
    const float* a_middle = a;
    const float* b_middle = b;
    std::size_t middle = sum.middle.count;
    do {
      const float* a_inner = a_middle;
      const float* b_inner = b_middle;
      std::size_t inner = sum.inner.count;
      do {
        const float* HWY_RESTRICT a_group[kGroups];
        for (std::size_t g = 0; g < kGroups; ++g) {
          a_group[g] = a_inner + RowLayout::Offset(g * RowLayout::kGroup, a_row);
        }
        const float* HWY_RESTRICT b_k = b_inner;
#pragma GCC unroll 1
        for (std::size_t k = 0; k < sum.depth; ++k, b_k += b_step) {
          V b_vectors[Vectors];
          for (std::size_t v = 0; v < Vectors; ++v) b_vectors[v] = hn::LoadU(d, b_k + v * kLanes);
          for (std::size_t r = 0; r < Rows; ++r) {
            const V a_value =
                hn::Set(d, a_group[r / RowLayout::kGroup]
                                  [RowLayout::Offset(r % RowLayout::kGroup, a_row)]);
            for (std::size_t v = 0; v < Vectors; ++v) {
              accumulators[r][v] = hn::MulAdd(a_value, b_vectors[v], accumulators[r][v]);
            }
          }
          for (std::size_t g = 0; g < kGroups; ++g) a_group[g] += a_step;
        }
        a_inner += sum.inner.a;
        b_inner += sum.inner.b;
      } while (--inner != 0);
      a_middle += sum.middle.a;
      b_middle += sum.middle.b;
    } while (--middle != 0);
    a += sum.outer.a;
    b += sum.outer.b;
  } while (--outer != 0);

  const bool cut = column + Vectors * kLanes > target.columns;
  for (std::size_t r = 0; r < Rows; ++r) {
    float* c = target.c + (row + r) * target.c_row + column;
    for (std::size_t v = 0; v < Vectors; ++v, c += kLanes) {
      V value = accumulators[r][v];
      const std::size_t first = column + v * kLanes;
      if (HWY_UNLIKELY(cut && first + kLanes > target.columns)) {
        if (first >= target.columns) continue;
        const std::size_t inside = target.columns - first;
        if (target.add) value = hn::Add(value, LoadFirst(d, inside, c));
        StoreFirst(value, d, inside, c);
        continue;
      }
      if (target.add) value = hn::Add(value, hn::LoadU(d, c));
      if (target.finish) value = ending(d, value, row + r, first);
      hn::StoreU(value, d, c);
    }
  }
}

// The tile for sums whose terms are neighbours in both operands: vectors run along k and are added
// up at the end, and B(k, column) = b[column * b_step + k], with a_step 1.
//   c[r * c_row + column * c_column] (+)= the sum
template <std::size_t Rows, std::size_t Columns>
HWY_ATTR void DotTile(const contraction& sum, const float* a, const float* b, float* c,
                      std::size_t c_row, std::size_t c_column, bool add) {
  const D d;
  V sums[Rows][Columns];
  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t j = 0; j < Columns; ++j) sums[r][j] = hn::Zero(d);
  }
  const auto multiply = [&](const V(&b_vectors)[Columns], const auto& a_of) HWY_ATTR {
    for (std::size_t r = 0; r < Rows; ++r) {
      const V a_vector = a_of(static_cast<std::ptrdiff_t>(r) * sum.a_row);
      for (std::size_t j = 0; j < Columns; ++j) {
        sums[r][j] = hn::MulAdd(a_vector, b_vectors[j], sums[r][j]);
      }
    }
  };
  const auto stretch = [&](const float* a_k, const float* b_k) HWY_ATTR {
    V b_vectors[Columns];
    std::size_t k = 0;
    for (; k + kLanes <= sum.depth; k += kLanes, a_k += kLanes, b_k += kLanes) {
      for (std::size_t j = 0; j < Columns; ++j) {
        b_vectors[j] = hn::LoadU(d, b_k + static_cast<std::ptrdiff_t>(j) * sum.b_step);
      }
      multiply(b_vectors, [&](std::ptrdiff_t row) HWY_ATTR { return hn::LoadU(d, a_k + row); });
    }
    if (const std::size_t rest = sum.depth - k; rest != 0) {
      for (std::size_t j = 0; j < Columns; ++j) {
        b_vectors[j] = LoadFirst(d, rest, b_k + static_cast<std::ptrdiff_t>(j) * sum.b_step);
      }
      multiply(b_vectors,
               [&](std::ptrdiff_t row) HWY_ATTR { return LoadFirst(d, rest, a_k + row); });
    }
  };
  for (std::size_t o = 0; o < sum.outer.count; ++o, a += sum.outer.a, b += sum.outer.b) {
    const float *a_middle = a, *b_middle = b;
    for (std::size_t m = 0; m < sum.middle.count; ++m) {
      const float *a_inner = a_middle, *b_inner = b_middle;
      for (std::size_t i = 0; i < sum.inner.count; ++i) {
        stretch(a_inner, b_inner);
        a_inner += sum.inner.a;
        b_inner += sum.inner.b;
      }
      a_middle += sum.middle.a;
      b_middle += sum.middle.b;
    }
  }
  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t j = 0; j < Columns; ++j) {
      float* to = c + r * c_row + j * c_column;
      *to = SumOf(sums[r][j]) + (add ? *to : 0.0f);
    }
  }
}

// All of C by dot tiles of 4 rows and up to 3 columns, 12 sums for 7 loads; a lone column takes 8
// rows, enough chains to hide the latency of a multiply-add.
inline HWY_ATTR void MultiplyDots(const contraction& sum, const float* a, const float* b, float* c,
                                  std::size_t c_row, std::size_t c_column, std::size_t rows,
                                  std::size_t columns, bool add) {
  using TileFunction = void (*)(const contraction&, const float*, const float*, float*, std::size_t,
                                std::size_t, bool);
  static constexpr TileFunction kTiles[3][8] = {
      {&DotTile<1, 1>, &DotTile<2, 1>, &DotTile<3, 1>, &DotTile<4, 1>, &DotTile<5, 1>,
       &DotTile<6, 1>, &DotTile<7, 1>, &DotTile<8, 1>},
      {&DotTile<1, 2>, &DotTile<2, 2>, &DotTile<3, 2>, &DotTile<4, 2>},
      {&DotTile<1, 3>, &DotTile<2, 3>, &DotTile<3, 3>, &DotTile<4, 3>}};
  for (std::size_t column = 0; column < columns;) {
    const std::size_t width = std::min<std::size_t>(columns - column, 3), most = width == 1 ? 8 : 4;
    std::size_t row = 0;
    for (std::size_t tiles = (rows + most - 1) / most; tiles != 0; --tiles) {
      const std::size_t height = (rows - row + tiles - 1) / tiles;
      kTiles[width - 1][height - 1](sum, a + static_cast<std::ptrdiff_t>(row) * sum.a_row,
                                    b + static_cast<std::ptrdiff_t>(column) * sum.b_step,
                                    c + row * c_row + column * c_column, c_row, c_column, add);
      row += height;
    }
    column += width;
  }
}

// The order of the tiles: the operand whose tiles change last stays in the L1 cache.
struct RowsFirst {};     // for each row tile, all columns: A's rows are read once
struct ColumnsFirst {};  // for each column tile, all rows: B's columns are read once

// C[row..row_end)[column..column_end), where B's columns are neighbours in memory. Tiles are of
// equal height, give or take one row, because a short last tile would leave most of the
// multiply-add pipeline idle.
template <class RowLayout, class Order, class Ending>
HWY_ATTR void Multiply(const contraction& sum, const float* a, const float* b,
                       const TileTarget& target, std::size_t row_begin, std::size_t row_end,
                       std::size_t column_begin, std::size_t column_end, const Ending& ending) {
  using TileFunction = void (*)(const contraction&, const float*, const float*, const TileTarget&,
                                std::size_t, std::size_t, const Ending&);
  // Where there is an ending, columns are lanes of a block, a whole number of tiles; only bare sums
  // may have fewer columns left than a tile, and then take a tile of one vector.
  constexpr std::size_t kWidths = std::is_same_v<Ending, KeepSum> ? kTileVectors : 1;
  static_assert(kTileVectors == 2);
  static constexpr auto kTiles = []<std::size_t... R>(std::index_sequence<R...>) {
    std::array<std::array<TileFunction, kWidths>, kTileRows> tiles{
        {{&Tile<RowLayout, R + 1, kTileVectors, Ending>}...}};
    if constexpr (kWidths == 2) ((tiles[R][1] = &Tile<RowLayout, R + 1, 1, Ending>), ...);
    return tiles;
  }(std::make_index_sequence<kTileRows>{});

  const auto tile = [&](std::size_t row, std::size_t height, std::size_t column) HWY_ATTR {
    const std::size_t narrow = kWidths == 2 && column + kLanes >= column_end ? 1 : 0;
    kTiles[height - 1][narrow](sum, a + static_cast<std::ptrdiff_t>(row) * sum.a_row, b + column,
                               target, row, column, ending);
  };
  const auto for_each_row_tile = [&](const auto& f) HWY_ATTR {
    std::size_t row = row_begin;
    for (std::size_t tiles = (row_end - row + kTileRows - 1) / kTileRows; tiles != 0; --tiles) {
      const std::size_t height = (row_end - row + tiles - 1) / tiles;
      f(row, height);
      row += height;
    }
  };
  const auto for_each_column_tile = [&](const auto& f) HWY_ATTR {
    for (std::size_t c = column_begin; c < column_end; c += kTileColumns) f(c);
  };
  if constexpr (std::is_same_v<Order, RowsFirst>) {
    for_each_row_tile([&](std::size_t row, std::size_t height) HWY_ATTR {
      for_each_column_tile([&](std::size_t column) HWY_ATTR { tile(row, height, column); });
    });
  } else {
    for_each_column_tile([&](std::size_t column) HWY_ATTR {
      for_each_row_tile(
          [&](std::size_t row, std::size_t height) HWY_ATTR { tile(row, height, column); });
    });
  }
}

// Cuts a sum into parts of at most `longest` steps, so that the part of B that a tile reads stays
// in the L1 cache while all tiles pass over it. Calls part(sum, a, b, add, finish) in a fixed
// order.
template <class Part>
HWY_ATTR void ForEachPart(contraction sum, const float* a, const float* b, std::size_t longest,
                          const Part& part, bool add = false, bool finish = true) {
  const auto split = [&](loop_level contraction::* level, std::size_t steps_below) HWY_ATTR {
    const loop_level whole = sum.*level;
    const std::size_t most = std::max<std::size_t>(1, longest / std::max<std::size_t>(1, steps_below));
    const std::size_t parts = (whole.count + most - 1) / most;
    std::size_t begin = 0;
    for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t count = (whole.count - begin + (parts - p) - 1) / (parts - p);
      (sum.*level).count = count;
      const auto at = static_cast<std::ptrdiff_t>(begin);
      ForEachPart(sum, a + at * whole.a, b + at * whole.b, longest, part, add || p != 0,
                  finish && p + 1 == parts);
      begin += count;
    }
  };
  if (sum.outer.count * sum.middle.count * sum.inner.count == 0) {  // nothing to sum: zero
    sum.outer.count = sum.middle.count = sum.inner.count = 1;
    sum.depth = 0;
  }
  const std::size_t inner_steps = sum.inner.count * sum.depth;
  const std::size_t middle_steps = sum.middle.count * inner_steps;
  if (sum.outer.count * middle_steps <= longest) return part(sum, a, b, add, finish);
  if (sum.outer.count > 1) return split(&contraction::outer, middle_steps);
  if (sum.middle.count > 1) return split(&contraction::middle, inner_steps);
  if (sum.inner.count > 1) return split(&contraction::inner, sum.depth);
  const std::size_t depth = sum.depth, parts = (depth + longest - 1) / longest;
  std::size_t begin = 0;
  for (std::size_t p = 0; p < parts; ++p) {
    sum.depth = (depth - begin + (parts - p) - 1) / (parts - p);
    const auto at = static_cast<std::ptrdiff_t>(begin);
    part(sum, a + at * sum.a_step, b + at * sum.b_step, add || p != 0, finish && p + 1 == parts);
    begin += sum.depth;
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
