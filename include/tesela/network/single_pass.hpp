// SPDX-License-Identifier: MIT
// A network run forward for one sample, as fast as one sample goes (kernel/single-inl.hpp).
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/single_plan.hpp"
#include "tesela/network/stages.hpp"

#include <cstddef>

namespace tesela {

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
    using kernels = typename Isa::template with<typename s::inference_activation>;
    const float* x = room + (I == 0 ? plan::input_offset : plan::offset(I - (I != 0), plan::output));
    float* y = room + plan::offset(I, plan::output);
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      const float* weights = parameters + parameter_layout<stages>::offsets[I];
      const float* bias = weights + s::bias_offset;
      if constexpr (I == 0 && runs_on_planes(g)) {
        constexpr pooling one{.in = g.out, .out = g.out};
        kernels::single_planes(g, s::pooled ? s::window() : one, weights, bias, sample,
                               room + plan::offset(I, plan::padded),
                               room + plan::offset(I, plan::planes), y);
      } else {
        float* product = s::pooled ? room + plan::offset(I, plan::product) : y;
        if constexpr (sums_single_by_dots(g)) {
          kernels::single_linear(g, weights, bias, x, product);
        } else {
          kernels::single_convolve(g, weights, bias, x, room + plan::offset(I, plan::padded),
                                   product);
        }
        if constexpr (s::pooled) Isa::single_max_pool(s::window(), product, y);
      }
    } else if constexpr (s::pooled) {
      Isa::single_max_pool(s::window(), x, y);
    } else if constexpr (is_softmax<s>) {
      Isa::single_softmax(s::output_size / s::channels, s::channels, s::logarithm, x, y);
    } else if constexpr (s::around::maps) {
      Isa::template around<typename s::activation>::apply_single(
          x, parameters + parameter_layout<stages>::offsets[I], y, s::output_size / s::around::channels);
    } else {
      kernels::apply(x, y, s::output_size);
    }
  }
};

}  // namespace tesela
