// SPDX-License-Identifier: MIT
// Running a network's stages: one block forward, one block backward, one share of a weight gradient.
//
// These functions are the network's program: the stages are unrolled from the types, each calls the
// kernels of one instruction set with its sizes, and nothing is decided at run time but the data.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/network/gradient_work.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/stages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

namespace tesela {

template <Network Net, class Isa>
class pass {
 public:
  using stages = stages_of<Net>;
  using parameters_at = parameter_layout<stages>;
  template <bool Training>
  using plan = block_plan<stages, Training>;

  static constexpr std::size_t stage_count = stages::size;
  static_assert(stage_count > 0, "a network needs at least one layer that computes something");
  static constexpr std::size_t outputs = Net::output.size;

  // The network's results of a block: [output][lane].
  template <bool Training>
  static float* results(float* block) {
    return block + plan<Training>::offset(stage_count - 1, plan<Training>::output);
  }
  // The gradient of the loss with respect to them, to be filled before `backward`.
  static float* result_gradients(float* block) { return gradient<stage_count - 1>(block); }

  // From the samples at the block's input to `results`.
  template <bool Training>
  static void forward(const float* parameters, float* block) {
    meta::for_each_index<stage_count>([&](auto i) { forward_stage<Training, i()>(parameters, block); });
  }

  // "layer 3 conv2d<16,5>": the first whose values, after `forward<true>`, are not all finite.
  static std::string first_non_finite(float* block) {
    std::string where;
    const auto finite = [](const float* values, std::size_t size) {
      return std::all_of(values, values + size * block_lanes, [](float v) { return std::isfinite(v); });
    };
    meta::for_each_index<stage_count>([&](auto i) {
      if (!where.empty()) return;
      const float* y = block + plan<true>::offset(i(), plan<true>::output);
      if (finite(y, stage<i()>::output_size)) return;
      using placed = meta::at<typename Net::placed_layers, stage<i()>::index>;
      where = "layer " + std::to_string(stage<i()>::index) + " ";
      where += placed::layer::name().view();
    });
    return where;
  }

  // From `result_gradients` to the gradient at every product's result.
  static void backward(const float* parameters, float* block) {
    meta::for_each_index_backwards<stage_count>(
        [&](auto i) { backward_stage<i()>(parameters, block); });
  }

  // Every share of every weight gradient.
  static constexpr const auto& work = gradient_work_of<stages>;

  // The gradient of one share, written to its place in `gradients`; then `update(offset, count)` for
  // every contiguous range of parameters whose gradient is now known.
  template <class Update>
  static void weight_gradient(const gradient_work& one, const float* blocks, std::size_t block_count,
                              float* gradients, const Update& update) {
    using function = void (*)(const gradient_share&, const float*, std::size_t, float*,
                              const Update&);
    static constexpr auto by_stage = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<function, stage_count>{&weight_gradient_of<I, Update>...};
    }(std::make_index_sequence<stage_count>{});
    by_stage[one.stage](one.share, blocks, block_count, gradients, update);
  }

 private:
  template <std::size_t I>
  using stage = meta::at<stages, I>;

  // Places in a block.
  template <bool Training, std::size_t I>
  static float* input(float* block) {
    if constexpr (I == 0) {
      return block + plan<Training>::input_offset;
    } else {
      return block + plan<Training>::offset(I - 1, plan<Training>::output);
    }
  }
  template <std::size_t I>
  static float* gradient(float* block) {
    return block + plan<true>::offset(I, plan<true>::gradient);
  }
  template <std::size_t I>
  static constexpr std::size_t product_gradient_offset() {
    return plan<true>::offset(
        I, stage<I>::pooled ? plan<true>::product_gradient : plan<true>::gradient);
  }
  template <bool Training, std::size_t I>
  static std::uint8_t* winner(float* block) {
    if constexpr (Training) {
      return reinterpret_cast<std::uint8_t*>(block + plan<true>::offset(I, plan<true>::winner));
    } else {
      return nullptr;
    }
  }

  template <bool Training, std::size_t I>
  static void forward_stage(const float* parameters, float* block) {
    using s = stage<I>;
    using p = plan<Training>;
    const float* x = input<Training, I>(block);
    float* y = block + p::offset(I, p::output);
    if constexpr (s::is_product) {
      const float* weights = parameters + parameters_at::offsets[I];
      const float* bias = weights + s::bias_offset;
      if constexpr (Training) {
        Isa::transpose_rows(s::geometry, x, block + p::offset(I, p::transposed));
      }
      if constexpr (s::pooled) {
        Isa::template convolve_and_pool<typename s::activation>(
            s::geometry, s::window(), weights, bias, x, block + p::offset(I, p::window), y,
            winner<Training, I>(block));
      } else {
        Isa::template convolve<typename s::activation>(s::geometry, weights, bias, x, y);
      }
    } else if constexpr (s::pooled) {
      Isa::max_pool(s::window(), x, y, winner<Training, I>(block));
    } else {
      Isa::evaluate(expr::results(s::activation::forward(expr::operand<0>{})), {x}, {y},
                    s::output_size * block_lanes);
    }
  }

  // In: the gradient of stage I's output. Out: of its product, and of the output before it.
  template <std::size_t I>
  static void backward_stage(const float* parameters, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    using activation = typename s::activation;
    const float* y = block + p::offset(I, p::output);
    float* dy = gradient<I>(block);
    if constexpr (s::is_product) {
      float* dz = block + product_gradient_offset<I>();
      if constexpr (s::pooled) {
        Isa::template max_pool_gradient<activation>(s::window(), y, dy, winner<true, I>(block), dz);
      } else if constexpr (!ends_with_my_derivative<I + 1>()) {
        apply_derivative<activation>(y, dy, dz, s::output_size);
      }
      if constexpr (I > 0) {
        const float* weights = parameters + parameters_at::offsets[I];
        float* dx = gradient<I - 1>(block);
        if constexpr (ends_with_my_derivative<I>()) {
          Isa::template convolve_data_gradient<typename stage<I - 1>::activation>(
              s::geometry, weights, dz, input<true, I>(block), dx);
        } else {
          Isa::convolve_data_gradient(s::geometry, weights, dz, dx);
        }
      }
    } else if constexpr (I > 0) {
      float* dx = gradient<I - 1>(block);
      if constexpr (s::pooled) {
        Isa::max_pool_gradient(s::window(), dy, winner<true, I>(block), dx);
      } else {
        apply_derivative<activation>(y, dy, dx, s::output_size);
      }
    }
  }

  // Whether the data gradient of product I applies the derivative of the activation before it.
  template <std::size_t I>
  static constexpr bool ends_with_my_derivative() {
    if constexpr (I == 0 || I >= stage_count) {
      return false;
    } else {
      return stage<I>::is_product && stage<I - 1>::is_product && !stage<I - 1>::pooled;
    }
  }

  template <class Activation>
  static void apply_derivative(const float* y, const float* dy, float* dx, std::size_t size) {
    if constexpr (std::is_same_v<Activation, layers::identity>) {
      if (dx == dy) return;
    }
    Isa::evaluate(expr::results(Activation::backward(expr::operand<0>{}, expr::operand<1>{})),
                  {y, dy}, {dx}, size * block_lanes);
  }

  template <std::size_t I, class Update>
  static void weight_gradient_of(const gradient_share& share, const float* blocks,
                                 std::size_t block_count, float* gradients, const Update& update) {
    using s = stage<I>;
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      const std::size_t at = parameters_at::offsets[I];
      const float* dy = blocks + product_gradient_offset<I>();
      Isa::convolve_weight_gradient(g, share, dy,
                                    blocks + plan<true>::offset(I, plan<true>::transposed),
                                    block_count, plan<true>::floats, gradients + at);
      const std::size_t first = at + (share.ky * g.out.channels + share.row) * g.weight_row();
      const std::size_t rows = share.row_end - share.row;
      const std::size_t columns = share.column_end - share.column;
      if (columns == g.row_depth()) {
        update(first, rows * g.weight_row());
      } else {
        for (std::size_t r = 0; r < rows; ++r) {
          update(first + r * g.weight_row() + share.column, columns);
        }
      }
      if (share.ky == 0 && share.column == 0) {
        const std::size_t bias = at + s::bias_offset;
        Isa::bias_gradient(g.out, dy, block_count, plan<true>::floats, share.row, share.row_end,
                           gradients + bias);
        update(bias + share.row, rows);
      }
    }
  }
};

}  // namespace tesela
