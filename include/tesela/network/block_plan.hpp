// SPDX-License-Identifier: MIT
// Where every intermediate result of a block lies, decided at compile time.
//
// A block's workspace is one piece of memory. Each buffer lives from the moment it is written to the
// last moment it is read; buffers whose lives do not meet may share a place. Moments are
//
//   0           the samples are laid out          1 + i        stage i forward
//   n + 1       the loss                          2n + 1 - i   stage i backward (data)
//   2n + 2      all weight gradients, after every block has come this far
//
// so a network of n stages needs exactly `floats` floats a block, and its memory is a constant.
#pragma once

#include "tesela/network/stages.hpp"
#include "tesela/tensor/block.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tesela {

namespace detail {

struct buffer {
  std::size_t floats = 0;  // of a block; 0: not needed
  std::size_t birth = 0, death = 0;
  std::size_t offset = 0;
};

// First fit: every buffer, in the order given, goes to the lowest gap that no living buffer touches.
// Returns the floats used. One walk over the placed buffers in the order of their places finds the gap.
template <std::size_t N>
constexpr std::size_t place(std::array<buffer*, N>& buffers, std::size_t count) {
  std::array<buffer*, N> placed{};  // by offset
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    buffer& mine = *buffers[i];
    mine.floats = round_up(mine.floats, alignment_floats);
    std::size_t at = 0;
    for (std::size_t k = 0; k < i; ++k) {
      const buffer& other = *placed[k];
      if (other.birth > mine.death || mine.birth > other.death) continue;
      if (other.offset >= at + mine.floats) break;
      at = std::max(at, other.offset + other.floats);
    }
    mine.offset = at;
    std::size_t k = i;
    for (; k > 0 && placed[k - 1]->offset > at; --k) placed[k] = placed[k - 1];
    placed[k] = &mine;
    used = std::max(used, at + mine.floats);
  }
  return used;
}

// Vectors at the edge of a transposed input reach beyond it: room for the widest register tile.
inline constexpr std::size_t overreach = 2 * alignment_floats;

}  // namespace detail

// The places of one block. Training keeps what the backward pass needs, inference does not.
template <class Stages, bool Training>
struct block_plan;

template <class... Stage, bool Training>
struct block_plan<meta::list<Stage...>, Training> {
  static constexpr std::size_t n = sizeof...(Stage);
  // Buffers of a stage, in the order of their first use.
  enum kind : std::size_t {
    window,            // the pixels a pooling reads
    output,
    kept,              // the activation's input, where its gradient needs it
    winner,            // of the pooling
    keep,              // the bits of a dropout, drawn before the first stage
    sums,              // of an affine map's gradients
    transposed,        // the input, or its patches, with the sample outside
    gradient,          // of the output
    product_gradient,  // of the product's result, before a pooling
    // Winograd's:
    forward_scratch, backward_scratch, gradient_scratch,
    gradient_tiles,    // the operand of the weight gradient
    kinds
  };

  struct layout {
    std::array<std::size_t, n * kinds + 1> offsets{};  // [0]: the laid-out input
    std::size_t floats = 0;
  };

  static constexpr layout plan = [] {
    constexpr std::size_t loss = n + 1, end = 2 * n + 2;
    std::array<detail::buffer, n * kinds + 1> buffers{};
    std::size_t i = 0, input_size = 0;
    const auto add = [&]<class S>() {
      constexpr std::size_t lanes = block_lanes;
      const std::size_t forward = 1 + i, backward = 2 * n + 1 - i;
      detail::buffer* of = &buffers[1 + i * kinds];
      if (i == 0) input_size = S::input_size;
      const bool last_stage = i + 1 == n;
      // The next stage reads the output forward, and backward for its activation's derivative.
      const std::size_t read = last_stage ? loss : forward + 1;
      of[output] = {S::output_size * lanes, forward, Training ? std::max(read, backward) : read};
      if constexpr (S::pooled) {
        if (Training) of[winner] = {S::output_size * lanes / sizeof(float), forward, backward};
      }
      if constexpr (Training && S::around::maps) of[sums] = {2 * S::around::pitch, backward, end};
      if constexpr (Training && S::around::masks) of[keep] = {S::product_size, 0, backward};
      if constexpr (Training && !S::is_product && !S::activation::from_value) {
        detail::buffer& input = i == 0 ? buffers[0] : buffers[1 + (i - 1) * kinds + output];
        input.death = std::max(input.death, backward);
      }
      if constexpr (S::is_product) {
        constexpr convolution g = S::geometry;
        if (Training && S::keeps_product) {
          // The data gradient of the next stage may apply the derivative.
          of[kept] = {S::product_size * lanes, forward, backward};
        }
        const std::size_t keep = S::winograd ? backward : end;  // the gradient of the product
        if constexpr (S::pooled) {
          constexpr pooling w = S::window();
          // One window, or all results.
          const std::size_t pixels = S::pools_apart() ? g.out.pixels() : w.kernel.size();
          if (!S::winograd_pools()) of[window] = {pixels * g.out.channels * lanes, forward, forward};
        }
        if constexpr (Training) {
          of[transposed] = {g.in.height * g.transposed_row() * lanes, forward, end};
          of[gradient] = {S::output_size * lanes, backward - 1, S::pooled ? backward : keep};
          if (S::pooled) of[product_gradient] = {S::product_size * lanes, backward, keep};
        }
        if constexpr (S::winograd) {
          constexpr winograd_tiles tiles = tiles_of(g.out);
          constexpr winograd_scratch there(tiles, g.in.channels, g.out.channels);
          of[forward_scratch] = {there.floats(), forward, forward};
          if (Training) {
            constexpr winograd_scratch back(tiles_of(g.in), g.out.channels, g.in.channels);
            if (i != 0) of[backward_scratch] = {back.floats(), backward, backward};
            of[transposed].floats = winograd_tile_floats(tiles.count(), g.in.channels);
            of[gradient_tiles] = {winograd_tile_floats(tiles.count(), g.out.channels), backward, end};
            // Shares of all channels at once, in the first block's places.
            of[gradient_scratch] = {winograd_gradient_floats(g.out.channels), end, end};
          }
        }
      } else if (Training) {
        of[gradient] = {S::output_size * lanes, backward - 1, backward};
      }
      ++i;
    };
    buffers[0] = {0, 0, 1};
    (add.template operator()<Stage>(), ...);
    buffers[0].floats = input_size * block_lanes;

    // The buffers in use, in order of birth: by counting, since the compiler does this step by
    // step.
    std::array<std::size_t, end + 2> next{};  // where those born at a moment begin
    for (const detail::buffer& one : buffers) {
      if (one.floats != 0) ++next[one.birth + 1];
    }
    for (std::size_t moment = 1; moment < next.size(); ++moment) next[moment] += next[moment - 1];
    const std::size_t count = next[end + 1];
    std::array<detail::buffer*, n * kinds + 1> order{};
    for (detail::buffer& one : buffers) {
      if (one.floats != 0) order[next[one.birth]++] = &one;
    }
    layout result;
    result.floats = detail::place(order, count) + detail::overreach;
    for (std::size_t k = 0; k < buffers.size(); ++k) result.offsets[k] = buffers[k].offset;
    return result;
  }();

  static constexpr std::size_t floats = plan.floats;
  static constexpr std::size_t input_offset = plan.offsets[0];
  static constexpr std::size_t offset(std::size_t stage, kind k) {
    return plan.offsets[1 + stage * kinds + k];
  }
};

}  // namespace tesela
