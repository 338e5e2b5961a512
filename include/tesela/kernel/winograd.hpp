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
constexpr std::size_t winograd_tile_plane(std::size_t tiles, std::size_t channels) {
  return winograd_plane(tiles * channels * block_lanes);
}
constexpr std::size_t winograd_tile_floats(std::size_t tiles, std::size_t channels) {
  return 36 * winograd_tile_plane(tiles, channels);
}

// What a convolution works on at a time, so that it stays in a cache of 2 MB: some tiles, and 64 x 64
// weights, transformed anew for every few tiles; they are 590 KB and never leave the cache. (All weights
// at once are four times what they were, 38 MB with 512 channels: written once a step, read by every block.)
inline constexpr std::size_t winograd_tiles_together = 2;
inline constexpr std::size_t winograd_panel = 64;

// Scratch of a convolution from `from` to `to` channels: transformed tiles, products, weights.
struct winograd_scratch {
  std::size_t tiles, from, to;

  constexpr winograd_scratch(const winograd_tiles& all, std::size_t from_channels,
                             std::size_t to_channels)
      : tiles(all.count() < winograd_tiles_together ? all.count() : winograd_tiles_together),
        from(from_channels),
        to(to_channels < winograd_panel ? to_channels : winograd_panel) {}

  constexpr std::size_t patch_plane() const { return winograd_tile_plane(tiles, from); }
  constexpr std::size_t product_plane() const { return winograd_tile_plane(tiles, to); }
  static constexpr std::size_t weight_plane() {
    return winograd_plane(winograd_panel * winograd_panel);
  }

  constexpr std::size_t products() const { return 36 * patch_plane(); }
  constexpr std::size_t weights() const { return products() + 36 * product_plane(); }
  constexpr std::size_t floats() const { return weights() + 36 * weight_plane(); }
};

// The weight gradient is computed for so many output channels, and so many input channels, at a time.
// Its scratch, their transformed gradients, is 36 x 64 x 80 floats, 737 KB.
inline constexpr std::size_t winograd_gradient_panel = 64;
inline constexpr std::size_t winograd_gradient_pitch = winograd_gradient_panel + 16;
constexpr std::size_t winograd_gradient_floats(std::size_t rows) {
  return 36 * rows * winograd_gradient_pitch;
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
