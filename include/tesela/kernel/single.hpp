// SPDX-License-Identifier: MIT
// The sizes of what a single sample's kernels work on (kernel/single-inl.hpp).
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/tensor/arena.hpp"

#include <cstddef>

namespace tesela {

// The first convolution of an image runs on channels-first planes, if its window moves by one
// pixel. Rows are a whole number of register tiles, two vectors of the widest target.
constexpr bool runs_on_planes(const convolution& g) { return g.stride == 1 && g.in.pixels() > 1; }

constexpr std::size_t planar_output_row(const convolution& g) {
  return round_up(g.out.width, 2 * alignment_floats);
}
constexpr std::size_t planar_output_floats(const convolution& g) {
  return g.out.channels * g.out.height * planar_output_row(g);
}
constexpr std::size_t planar_input_row(const convolution& g) {
  return planar_output_row(g) +
         round_up((g.kernel.columns - 1) * g.dilation.columns + 1, alignment_floats);
}
constexpr std::size_t planar_input_floats(const convolution& g) {
  return g.in.channels * (g.in.height + 2 * g.padding.rows) * planar_input_row(g);
}

// A row of the window shorter than this many numbers, or cut into stretches of fewer than a vector,
// leaves a dot product more time for adding lanes than for multiplying; the weights of such layers
// are few and are transposed each time.
constexpr bool transposes_weights(const convolution& g) {
  const bool short_stretches = !g.taps_are_neighbours() && g.in.channels < alignment_floats;
  return g.in.pixels() > 1 && (g.row_depth() < 64 || short_stretches);
}
constexpr std::size_t transposed_weight_row(const convolution& g) {
  return round_up(g.out.channels, alignment_floats);
}
constexpr std::size_t transposed_weight_floats(const convolution& g) {
  return g.kernel.rows * g.row_depth() * transposed_weight_row(g);
}

}  // namespace tesela
