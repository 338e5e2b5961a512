// SPDX-License-Identifier: MIT
// When Winograd's convolution is used, and the sizes of what it works on.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/tensor/block.hpp"

#include <cstddef>

namespace tesela {

// The 4x4 tiles that cover an output.
struct winograd_tiles {
  std::size_t rows = 0, columns = 0;

  constexpr std::size_t count() const { return rows * columns; }
};

constexpr winograd_tiles tiles_of(const image& out) {
  return {(out.height + 3) / 4, (out.width + 3) / 4};
}

// From one of the 36 positions of a tile to the next: the numbers of one position and a gap of five
// cache lines. A transform reads or writes one vector of each, and 36 vectors at a multiple of 4 KB
// would meet in one set of the caches, which holds 8 to 16.
constexpr std::size_t winograd_plane(std::size_t floats) { return floats + 5 * 16; }

// Transformed tiles of a block, [position][tile][channel][lane].
constexpr std::size_t winograd_tile_plane(const winograd_tiles& tiles, std::size_t channels) {
  return winograd_plane(tiles.count() * channels * block_lanes);
}
constexpr std::size_t winograd_tile_floats(const winograd_tiles& tiles, std::size_t channels) {
  return 36 * winograd_tile_plane(tiles, channels);
}

// Transformed weights, [position][output channel][input channel] or, for the way back, the other way
// round; and from one row of them to the next.
constexpr std::size_t winograd_row(std::size_t channels) { return spread(channels); }
constexpr std::size_t winograd_weight_plane(const convolution& g) {
  const std::size_t forward = g.out.channels * winograd_row(g.in.channels);
  const std::size_t back = g.in.channels * winograd_row(g.out.channels);
  return winograd_plane(forward > back ? forward : back);
}
constexpr std::size_t winograd_weight_floats(const convolution& g) {
  return 36 * winograd_weight_plane(g);
}

// Whether every 4x4 tile holds whole pooling windows, so that a tile can be pooled while it is in
// registers.
constexpr bool pools_in_tiles(const pooling& g) {
  return (g.kernel == 2 || g.kernel == 4) && g.stride == g.kernel;
}

// Windows of 3x3 neighbours, one pixel at a time, with enough channels for the transforms to be a
// small part of the work (they grow with the channels, the products with their square) and tiles
// that are at least three quarters full.
constexpr bool winograd_pays(const convolution& g) {
  const winograd_tiles tiles = tiles_of(g.out);
  return !g.direct && g.kernel == 3 && g.stride == 1 && g.dilation == 1 && g.padding.rows <= 2 &&
         g.padding.columns <= 2 && g.in.channels >= 32 && g.out.channels >= 32 &&
         4 * g.out.pixels() >= 3 * 16 * tiles.count();
}

}  // namespace tesela
