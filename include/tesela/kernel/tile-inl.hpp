// SPDX-License-Identifier: MIT
// The micro-kernel: one register tile of a sum of products, for every product and convolution.
//
//   for outer, middle, inner, k:                       (the loops of a `contraction`)
//     load kTileVectors vectors of B(k, :)
//     for each row r of the tile:
//       broadcast A(r, k) and multiply-add it into the tile's accumulators
//   add what C holds, if asked; apply the ending (bias, activation, mask), a long one to the stored tile
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

inline constexpr std::size_t kLine = 16;  // floats of a cache line

// How the rows of A lie. Strided rows are addressed from one pointer per four rows: x86 adds 1 or 2
// times the stride to an address for free, and 14 separate pointers would not fit the registers.
struct StridedRows {
  static constexpr std::size_t kGroup = 4;
  static HWY_INLINE std::ptrdiff_t Offset(std::size_t r, std::ptrdiff_t a_row) {
    return static_cast<std::ptrdiff_t>(r) * a_row;
  }
  // Asks for the lines that a run reads at `a`: one of each row.
  template <std::size_t Rows>
  static HWY_INLINE void Fetch(const float* a, const contraction& sum) {
    for (std::size_t r = 0; r < Rows; ++r) hwy::Prefetch(a + Offset(r, sum.a_row));
  }
};
// Rows next to each other (a_row = 1): all of them at constant offsets from one pointer.
struct AdjacentRows {
  static constexpr std::size_t kGroup = kTileRows;
  static HWY_INLINE std::ptrdiff_t Offset(std::size_t r, std::ptrdiff_t) {
    return static_cast<std::ptrdiff_t>(r);
  }
  // One of each step.
  template <std::size_t Rows>
  static HWY_INLINE void Fetch(const float* a, const contraction& sum) {
    for (std::size_t k = 0; k < sum.depth; ++k, a += sum.a_step) hwy::Prefetch(a);
  }
};

// Calls f(begin, count) for pieces of [begin, end), as few as there can be with at most `most` in
// each and of equal size, give or take one: a short last tile would leave most of the multiply-add
// pipeline idle.
template <class F>
HWY_ATTR void ForEachPiece(std::size_t begin, std::size_t end, std::size_t most, const F& f) {
  for (std::size_t pieces = (end - begin + most - 1) / most; pieces != 0; --pieces) {
    const std::size_t count = (end - begin + pieces - 1) / pieces;
    f(begin, count);
    begin += count;
  }
}

// The same for the rows of tiles, whose heights are even, but for a last row: half as many tiles to compile,
// and every one of them is a hundred instructions and more.
template <class F>
HWY_ATTR void ForEachRowTile(std::size_t begin, std::size_t end, std::size_t most, const F& f) {
  while (begin != end) {
    const std::size_t rows = end - begin;
    if (rows <= most && rows % 2 == 0) return f(begin, rows);  // without a division
    const std::size_t pieces = (rows + most - 1) / most;
    const std::size_t even = ((rows + pieces - 1) / pieces + 1) / 2 * 2;
    const std::size_t count = even <= rows ? even : rows == 1 ? 1 : rows - 1;
    f(begin, count);
    begin += count;
  }
}

// Every sum of a tile, one after the other and without a loop: the compiler then keeps them in registers.
// (With a loop around `f`, GCC keeps them in memory as well.) Parameters of lambdas in templates have
// long names: GCC sees a program's global `v` when it comes to them, and warns that they hide it.
template <std::size_t Rows, std::size_t Vectors, class F>
HWY_INLINE void ForEachSum(const F& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) TESELA_LAMBDA_INLINE {
    (f(I / Vectors, I % Vectors), ...);
  }(std::make_index_sequence<Rows * Vectors>{});
}

// The first `inside` columns of a tile's rows.
inline HWY_ATTR HWY_NOINLINE void StoreInside(const float* tile, std::size_t rows, std::size_t pitch,
                                              float* corner, const TileTarget& target,
                                              std::size_t inside) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < inside; i += kLanes) {
      float* c = corner + r * target.c_row + i;
      V value = hn::Load(d, tile + r * pitch + i);
      if (target.add) value = hn::Add(value, LoadFirst(d, inside - i, c));
      StoreFirst(value, d, inside - i, c);
    }
  }
}

template <class RowLayout, std::size_t Rows, std::size_t Vectors, class Ending>
HWY_ATTR HWY_NOINLINE void Tile(const contraction& sum, const float* a, const float* b,
                                const TileTarget& target, std::size_t row, std::size_t column,
                                const Ending& ending) {
  const D d;
  V sums[Rows][Vectors];
  ForEachSum<Rows, Vectors>([&](std::size_t tile_row, std::size_t vector) TESELA_LAMBDA_INLINE {
    sums[tile_row][vector] = hn::Zero(d);
  });

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
        TESELA_UNROLL
        for (std::size_t g = 0; g < kGroups; ++g) {
          a_group[g] = a_inner + RowLayout::Offset(g * RowLayout::kGroup, a_row);
        }
        const float* HWY_RESTRICT b_k = b_inner;
// Two steps a turn: with one, GCC's tile of 4 x 2 takes 2.6 ns a step on a Zen 3, as many as that of 6 x 2 with
// half again as many products, with two 1.7 ns. Tall tiles gain nothing, and are large.
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
#pragma GCC unroll 1
#else
#pragma GCC unroll 2
#endif
        for (std::size_t k = 0; k < sum.depth; ++k, b_k += b_step) {
          V b_vectors[Vectors];
          TESELA_UNROLL
          for (std::size_t v = 0; v < Vectors; ++v) b_vectors[v] = hn::LoadU(d, b_k + v * kLanes);
          TESELA_UNROLL
          for (std::size_t r = 0; r < Rows; ++r) {
            const V a_value =
                hn::Set(d, a_group[r / RowLayout::kGroup]
                                  [RowLayout::Offset(r % RowLayout::kGroup, a_row)]);
            TESELA_UNROLL
            for (std::size_t v = 0; v < Vectors; ++v) {
              sums[r][v] = hn::MulAdd(a_value, b_vectors[v], sums[r][v]);
            }
          }
          TESELA_UNROLL
          for (std::size_t g = 0; g < kGroups; ++g) a_group[g] += a_step;
        }
        if (sum.next_a != 0) RowLayout::template Fetch<Rows>(a_inner + sum.next_a, sum);
        if (sum.next_b != 0) {
          const float* line = b_inner + sum.next_b + row * kLine;
          for (std::size_t r = 0; r < Rows; ++r) hwy::Prefetch(line + r * kLine);
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

  float* const corner = target.c + row * target.c_row + column;
  if (HWY_UNLIKELY(column + Vectors * kLanes > target.columns)) {
    HWY_ALIGN float tile[Rows * Vectors * kLanes];
    ForEachSum<Rows, Vectors>([&](std::size_t tile_row, std::size_t vector) TESELA_LAMBDA_INLINE {
      hn::Store(sums[tile_row][vector], d, tile + (tile_row * Vectors + vector) * kLanes);
    });
    StoreInside(tile, Rows, Vectors * kLanes, corner, target, target.columns - column);
    return;
  }
  if (target.add) {
    ForEachSum<Rows, Vectors>([&](std::size_t tile_row, std::size_t vector) TESELA_LAMBDA_INLINE {
      const float* c = corner + tile_row * target.c_row + vector * kLanes;
      sums[tile_row][vector] = hn::Add(sums[tile_row][vector], hn::LoadU(d, c));
    });
  }
  // Up to the 12 sums of AVX2's tile, with which the gain was measured: the 28 of AVX-512 would make a program
  // for a device 1 KB larger.
  constexpr bool kInRegisters = kIsShort<Ending> && Rows * Vectors <= 12;
  if constexpr (kInRegisters) {
    if (target.finish) {
      ForEachSum<Rows, Vectors>([&](std::size_t tile_row, std::size_t vector) TESELA_LAMBDA_INLINE {
        sums[tile_row][vector] =
            ending(d, sums[tile_row][vector], row + tile_row, column + vector * kLanes);
      });
    }
  }
  ForEachSum<Rows, Vectors>([&](std::size_t tile_row, std::size_t vector) TESELA_LAMBDA_INLINE {
    hn::StoreU(sums[tile_row][vector], d, corner + tile_row * target.c_row + vector * kLanes);
  });
  if constexpr (!std::is_same_v<Ending, KeepSum> && !kInRegisters) {
    if (!target.finish) return;
#pragma GCC unroll 1
    for (std::size_t r = 0; r < Rows; ++r) {
      float* c = corner + r * target.c_row;
      for (std::size_t v = 0; v < Vectors; ++v, c += kLanes) {
        hn::StoreU(ending(d, hn::LoadU(d, c), row + r, column + v * kLanes), d, c);
      }
    }
  }
}

// The order of the tiles: the operand whose tiles change last stays in the L1 cache.
struct RowsFirst {};     // for each row tile, all columns: A's rows are read once
struct ColumnsFirst {};  // for each column tile, all rows: B's columns are read once

// C[row..row_end)[column..column_end), where B's columns are neighbours in memory.
template <class RowLayout, class Order, class Ending, std::size_t MostRows = kTileRows>
HWY_ATTR void Multiply(const contraction& sum, const float* a, const float* b,
                       const TileTarget& target, std::size_t row_begin, std::size_t row_end,
                       std::size_t column_begin, std::size_t column_end, const Ending& ending) {
  using TileFunction = void (*)(const contraction&, const float*, const float*, const TileTarget&,
                                std::size_t, std::size_t, const Ending&);
  // Columns are lanes of a block, a whole number of tiles, but for bare sums over rows far apart:
  // those may have fewer columns left than a tile, and then take a tile of one vector.
  constexpr std::size_t kWidths =
      std::is_same_v<Ending, KeepSum> && std::is_same_v<RowLayout, StridedRows> ? kTileVectors : 1;
  static_assert(kTileVectors == 2 && MostRows % 2 == 0);
  // Of heights 1, 2, 4, 6, ...
  static constexpr auto kTiles = []<std::size_t... H>(std::index_sequence<H...>) {
    std::array<std::array<TileFunction, kWidths>, sizeof...(H)> tiles{
        {{&Tile<RowLayout, H == 0 ? 1 : 2 * H, kTileVectors, Ending>}...}};
    if constexpr (kWidths == 2) {
      ((tiles[H][1] = &Tile<RowLayout, H == 0 ? 1 : 2 * H, 1, Ending>), ...);
    }
    return tiles;
  }(std::make_index_sequence<MostRows / 2 + 1>{});

  const auto tile = [&](std::size_t row, std::size_t height, std::size_t column) HWY_ATTR {
    const std::size_t narrow = kWidths == 2 && column + kLanes >= column_end ? 1 : 0;
    kTiles[height / 2][narrow](sum, a + static_cast<std::ptrdiff_t>(row) * sum.a_row,
                               b + static_cast<std::ptrdiff_t>(column) * sum.b_column, target, row,
                               column, ending);
  };
  const auto for_each_column_tile = [&](const auto& f) HWY_ATTR {
    for (std::size_t c = column_begin; c < column_end; c += kTileColumns) f(c);
  };
  if constexpr (std::is_same_v<Order, RowsFirst>) {
    ForEachRowTile(row_begin, row_end, MostRows, [&](std::size_t row, std::size_t height) HWY_ATTR {
      for_each_column_tile([&](std::size_t column) HWY_ATTR { tile(row, height, column); });
    });
  } else {
    for_each_column_tile([&](std::size_t column) HWY_ATTR {
      ForEachRowTile(row_begin, row_end, MostRows, [&](std::size_t row, std::size_t height) HWY_ATTR {
        tile(row, height, column);
      });
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
    // Whole cache lines of neighbours, but for the last part.
    const std::size_t even = (depth - begin + (parts - p) - 1) / (parts - p);
    sum.depth = std::min(depth - begin, round_up(even, kLine));
    const auto at = static_cast<std::ptrdiff_t>(begin);
    part(sum, a + at * sum.a_step, b + at * sum.b_step, add || p != 0, finish && p + 1 == parts);
    begin += sum.depth;
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
