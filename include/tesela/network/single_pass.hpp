// SPDX-License-Identifier: MIT
// A network run forward for one sample, as fast as one sample goes (kernel/single-inl.hpp).
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/stages.hpp"

#include <array>
#include <cstddef>

namespace tesela {

// Where the intermediate results of one sample lie; stage i runs at moment i.
template <class Stages>
struct single_plan;

template <class... Stage>
struct single_plan<meta::list<Stage...>> {
  static constexpr std::size_t n = sizeof...(Stage);
  enum kind : std::size_t { output, product, padded, planes, transposed, kinds };

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
        } else if (transposes_weights(g)) {
          of[transposed] = {transposed_weight_floats(g), i, i};
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

template <Network Net, class Isa>
class single_pass {
 public:
  using stages = stages_of<Net>;
  using plan = single_plan<stages>;

  // The network's results, in the kernels' order, for one sample given channels first. `room` has
  // plan::floats floats.
  static const float* forward(const float* parameters, const float* sample, float* room) {
    if constexpr (!first_on_planes()) {
      Isa::single_interleave(detail::image_of(Net::input), sample, room + plan::input_offset);
    }
    meta::for_each_index<stages::size>([&](auto i) { stage_forward<i()>(parameters, sample, room); });
    return room + plan::offset(stages::size - 1, plan::output);
  }

 private:
  template <std::size_t I>
  using stage = meta::at<stages, I>;

  static constexpr bool first_on_planes() {
    if constexpr (stage<0>::is_product) {
      return runs_on_planes(stage<0>::geometry);
    } else {
      return false;
    }
  }

  template <std::size_t I>
  static void stage_forward(const float* parameters, const float* sample, float* room) {
    using s = stage<I>;
    const float* x = room + (I == 0 ? plan::input_offset : plan::offset(I - (I != 0), plan::output));
    float* y = room + plan::offset(I, plan::output);
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      using activation = typename s::activation;
      const float* weights = parameters + parameter_layout<stages>::offsets[I];
      const float* bias = weights + s::bias_offset;
      if constexpr (I == 0 && runs_on_planes(g)) {
        constexpr pooling one{.in = g.out, .out = g.out};
        Isa::template single_planes<activation>(g, s::pooled ? s::window() : one, weights, bias,
                                                sample, room + plan::offset(I, plan::padded),
                                                room + plan::offset(I, plan::planes), y);
      } else {
        float* product = s::pooled ? room + plan::offset(I, plan::product) : y;
        Isa::template single_convolve<activation>(g, weights, bias, x,
                                                  room + plan::offset(I, plan::transposed), product);
        if constexpr (s::pooled) Isa::single_max_pool(s::window(), product, y);
      }
    } else if constexpr (s::pooled) {
      Isa::single_max_pool(s::window(), x, y);
    } else {
      Isa::evaluate(expr::fixed_results<typename s::activation::value>{}, {x}, {y},
                    s::output_size);
    }
  }
};

}  // namespace tesela
