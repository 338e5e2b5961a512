// SPDX-License-Identifier: MIT
// The sizes of what a single sample's kernels work on (kernel/single-inl.hpp).
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/tensor/arena.hpp"

#include <cstddef>

namespace tesela {

// The first convolution of an image runs on channels-first planes if its window moves by one pixel
// and its outputs are too few to fill vectors of their own (to 64 outputs, 3x3 of 3x32x32, g++ 12,
// one thread of a Zen 3: 103 us on planes, 73 us with vectors over outputs). Rows are a whole
// number of register tiles, two vectors of the widest target.
constexpr bool runs_on_planes(const convolution& g) {
  return g.stride == 1 && g.in.pixels() > 1 && g.out.channels < 16;
}

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

// Where weights serve few pixels, turning them so that vectors run over outputs would cost more
// than it saves.
constexpr bool sums_single_by_dots(const convolution& g) { return g.out.pixels() < 8; }

// Elsewhere an image has its padding around it, and this size; without padding it stays where it
// is.
constexpr std::size_t single_padded_floats(const convolution& g) {
  if (g.padding == 0) return 0;
  return (g.in.height + 2 * g.padding.rows) * (g.in.width + 2 * g.padding.columns) * g.in.channels;
}

}  // namespace tesela
