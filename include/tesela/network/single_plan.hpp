// SPDX-License-Identifier: MIT
// Where the intermediate results of one sample alone lie, decided at compile time.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/network/block_plan.hpp"
#include "tesela/tensor/arena.hpp"

#include <array>
#include <cstddef>

namespace tesela {

// Stage i runs at moment i.
template <class Stages>
struct single_plan;

template <class... Stage>
struct single_plan<meta::list<Stage...>> {
  static constexpr std::size_t n = sizeof...(Stage);
  enum kind : std::size_t { output, product, padded, planes, kinds };

  struct layout {
    std::array<std::size_t, n * kinds + 1> offsets{};  // the last: the input, channels last
    std::size_t floats = 0;
  };

  static constexpr layout plan = [] {
    // Vectors write whole, beyond the last channel of the last pixel.
    constexpr std::size_t reserve = alignment_floats;
    std::array<detail::buffer, n * kinds + 1> buffers{};
    std::size_t i = 0;
    const auto add = [&]<class S>() {
      detail::buffer* of = &buffers[i * kinds];
      if (i == 0) buffers[n * kinds] = {S::input_size + reserve, 0, 0};
      of[output] = {S::output_size + reserve, i, i + 1};
      if constexpr (S::is_product) {
        constexpr convolution g = S::geometry;
        if (S::pooled) of[product] = {S::product_size + reserve, i, i};
        if (i == 0 && runs_on_planes(g)) {
          of[padded] = {planar_input_floats(g), i, i};
          of[planes] = {planar_output_floats(g), i, i};
        } else if (!sums_single_by_dots(g)) {
          of[padded] = {single_padded_floats(g), i, i};
        }
      }
      ++i;
    };
    (add.template operator()<Stage>(), ...);
    std::array<detail::buffer*, n * kinds + 1> order{};
    std::size_t count = 0;
    for (std::size_t moment = 0; moment < n; ++moment) {
      for (detail::buffer& one : buffers) {
        if (one.floats != 0 && one.birth == moment) order[count++] = &one;
      }
    }
    layout result;
    result.floats = detail::place(order, count) + detail::overreach;
    for (std::size_t k = 0; k < buffers.size(); ++k) result.offsets[k] = buffers[k].offset;
    return result;
  }();

  static constexpr std::size_t floats = plan.floats;
  static constexpr std::size_t input_offset = plan.offsets[n * kinds];
  static constexpr std::size_t offset(std::size_t stage, kind k) {
    return plan.offsets[stage * kinds + k];
  }
};

}  // namespace tesela
