// SPDX-License-Identifier: MIT
// The layout of activations: blocks of samples, with the sample innermost.
//
//   block of an image:   [height][width][channel][lane]      flat tensors: [feature][lane]
//
// A vector holds the same feature of neighbouring samples, so every channel count and image width
// fills all lanes, and products need neither packing nor im2col. Blocks are independent of each other:
// they are the unit of threading.
#pragma once

#include "tesela/tensor/arena.hpp"

#include <cstddef>

namespace tesela {

// Samples of a block. 32 is two vectors of AVX-512 and four of AVX2, so every target's register tile
// divides it; a 256-deep panel of it (32 KB) is the size of an L1 cache. The last block of a batch is
// padded: lanes without a sample are computed and ignored.
inline constexpr std::size_t block_lanes = 32;

constexpr std::size_t blocks_for(std::size_t samples) {
  return (samples + block_lanes - 1) / block_lanes;
}

}  // namespace tesela
