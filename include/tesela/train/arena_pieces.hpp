// SPDX-License-Identifier: MIT
// An arena of parameters in pieces: which of them are weights, which biases, what lies between
// them, and a sum over all that has the same bits for any number of threads.
#pragma once

#include "tesela/network/state_dict.hpp"
#include "tesela/optim/update.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace tesela {

namespace detail {

// A tensor in the arena: rows of `row` numbers that begin `pitch` apart, with zeros in between.
struct tensor_place {
  std::size_t begin = 0, end = 0, row = 0, pitch = 0;
  parameter_kind kind = parameter_kind::weight;
};

// All tensors of a network, in the order in which they lie.
template <class Net>
std::vector<tensor_place> tensor_places() {
  std::vector<tensor_place> all;
  for (const parameter_map& map : parameter_maps<Net>()) {
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

struct arena_piece {
  std::size_t offset = 0, count = 0;
  parameter_kind kind = parameter_kind::weight;
};

// All parameters and nothing between them, in pieces that fit a buffer on the stack.
inline constexpr std::size_t longest_arena_piece = 4096;
inline std::vector<arena_piece> pieces_of(std::span<const tensor_place> tensors) {
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

// Eight sums side by side, for speed; always the same ones.
template <class F>
double sum_of(std::span<const float> values, const F& f) {
  double sums[8]{};
  for (std::size_t i = 0; i < values.size(); ++i) sums[i % 8] += f(double{values[i]});
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace detail

}  // namespace tesela
