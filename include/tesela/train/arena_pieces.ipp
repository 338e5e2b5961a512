// SPDX-License-Identifier: MIT
// Definitions of arena_pieces.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/train/arena_pieces.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace tesela::detail {

TESELA_INLINE std::vector<tensor_place> tensor_places(std::span<const parameter_map> maps) {
  std::vector<tensor_place> all;
  for (const parameter_map& map : maps) {
    const convolution& g = map.geometry;
    const std::size_t outputs = g.out.channels;
    if (map.affine) {
      all.push_back({map.weights, map.weights + outputs, outputs, outputs});
    } else {
      all.push_back({map.weights, map.weights + g.weight_floats(), g.row_depth(), g.weight_row()});
    }
    all.push_back({map.bias, map.bias + outputs, outputs, outputs, parameter_kind::bias});
  }
  return all;
}

TESELA_INLINE std::vector<arena_piece> pieces_of(std::span<const tensor_place> tensors) {
  std::vector<arena_piece> all;
  for (const tensor_place& tensor : tensors) {
    const bool gaps = tensor.row != tensor.pitch;
    const std::size_t length = gaps ? tensor.row : tensor.end - tensor.begin;
    for (std::size_t row = tensor.begin; row < tensor.end; row += gaps ? tensor.pitch : length) {
      for (std::size_t at = 0; at < length; at += longest_arena_piece) {
        all.push_back({row + at, std::min(longest_arena_piece, length - at), tensor.kind});
      }
    }
  }
  return all;
}

}  // namespace tesela::detail
