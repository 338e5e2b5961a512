// SPDX-License-Identifier: MIT
// The gradient of a product's weights and bias, and of an affine map behind it: of sizes at run time, so that
// layers and networks share it.
#pragma once

#include "tesela/core/function_view.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/winograd.hpp"

#include <cstddef>

namespace tesela {

// Called with (offset, count) for every contiguous range of parameters whose gradient is known.
using range_update = function_view<void(std::size_t, std::size_t)>;

template <class Isa>
struct product_place {
  convolution geometry;
  std::size_t weights = 0, bias = 0;          // in the arena of parameters
  std::size_t inputs = 0, gradients = 0;      // in a block: of the weight gradient's two factors
  std::size_t scratch = 0;                    // in the first block: Winograd's
  std::size_t block_floats = 0;               // from one block to the next
  // Of an affine map, if there is one: in the arena, from weights to biases (0: none), in a block.
  std::size_t affine = 0, affine_pitch = 0, affine_sums = 0;

  void (*gradient)(const product_place&, const gradient_share&, float* blocks,
                   std::size_t block_count, float* gradients, range_update update) = nullptr;
};

template <class Isa>
void product_bias_gradient(const product_place<Isa>& at, const image& of, const float* dy,
                           const gradient_share& share, std::size_t block_count, float* gradients,
                           range_update update) {
  Isa::bias_gradient(of, dy, block_count, at.block_floats, share.row, share.row_end,
                     gradients + at.bias);
  update(at.bias + share.row, share.row_end - share.row);
}

// The gradients of an affine map: of all blocks, in order.
template <class Isa>
void sum_affine_gradient(const product_place<Isa>& at, const gradient_share& share, float* blocks,
                         std::size_t block_count, float* gradients, range_update update) {
  if (at.affine_pitch == 0) return;
  const float* sums = blocks + at.affine_sums;
  for (std::size_t part = 0; part < 2; ++part, sums += at.affine_pitch) {
    const std::size_t parameters = at.affine + part * at.affine_pitch;
    Isa::sum_blocks(sums + share.row, block_count, at.block_floats, share.row_end - share.row,
                    gradients + parameters + share.row);
    update(parameters + share.row, share.row_end - share.row);
  }
}

template <class Isa, bool MayDot>
void product_gradient(const product_place<Isa>& at, const gradient_share& share, float* blocks,
                      std::size_t block_count, float* gradients, range_update update) {
  const convolution& g = at.geometry;
  const float* dy = blocks + at.gradients;
  Isa::template convolve_weight_gradient<MayDot>(g, share, dy, blocks + at.inputs, block_count,
                                                 at.block_floats, gradients + at.weights);
  const std::size_t rows = share.row_end - share.row, columns = share.column_end - share.column;
  for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
    const std::size_t first =
        at.weights + (ky * g.out.channels + share.row) * g.weight_row();
    if (columns == g.row_depth()) {
      update(first, rows * g.weight_row());
    } else {
      for (std::size_t r = 0; r < rows; ++r) update(first + r * g.weight_row() + share.column, columns);
    }
  }
  if (share.ky == 0 && share.column == 0) {
    product_bias_gradient(at, g.out, dy, share, block_count, gradients, update);
    sum_affine_gradient(at, share, blocks, block_count, gradients, update);
  }
}

// By Winograd's algorithm.
template <class Isa>
void winograd_gradient(const product_place<Isa>& at, const gradient_share& share, float* blocks,
                       std::size_t block_count, float* gradients, range_update update) {
  const convolution& g = at.geometry;
  const float* tiles = blocks + at.gradients;
  Isa::winograd_weight_gradient(g, share.row, share.row_end, tiles, blocks + at.inputs, block_count,
                                at.block_floats,
                                blocks + at.scratch + winograd_gradient_floats(share.row),
                                gradients + at.weights);
  const std::size_t rows = share.row_end - share.row;
  for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
    update(at.weights + (ky * g.out.channels + share.row) * g.weight_row(), rows * g.weight_row());
  }
  // At the point (1, 1), position 7 of 36, a transformed tile is the sum of its 16 pixels.
  const winograd_tiles t = tiles_of(g.out);
  const float* panel = tiles + 7 * winograd_tile_plane(t.count(), g.out.channels) +
                       share.row * t.count() * block_lanes;
  Isa::bias_gradient({rows, t.rows, t.columns}, panel, block_count, at.block_floats, 0, rows,
                     gradients + at.bias + share.row);
  update(at.bias + share.row, rows);
  sum_affine_gradient(at, share, blocks, block_count, gradients, update);
}

}  // namespace tesela
