// SPDX-License-Identifier: MIT
// An arena of parameters in pieces: which of them are weights, which biases, what lies between
// them, and a sum over all that has the same bits for any number of threads.
#pragma once

#include "tesela/network/state_dict.hpp"
#include "tesela/optim/update.hpp"

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
std::vector<tensor_place> tensor_places(std::span<const parameter_map> maps);

struct arena_piece {
  std::size_t offset = 0, count = 0;
  parameter_kind kind = parameter_kind::weight;
};

// All parameters and nothing between them, in pieces that fit a buffer on the stack.
inline constexpr std::size_t longest_arena_piece = 4096;
std::vector<arena_piece> pieces_of(std::span<const tensor_place> tensors);

// Eight sums side by side, for speed; always the same ones.
template <class F>
double sum_of(std::span<const float> values, const F& f) {
  double sums[8]{};
  for (std::size_t i = 0; i < values.size(); ++i) sums[i % 8] += f(double{values[i]});
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

}  // namespace detail

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/train/arena_pieces.ipp"
#endif
