// SPDX-License-Identifier: MIT
// Running a network's stages: one block forward, one block backward, one share of a weight gradient.
//
// These functions are the network's program: the stages are unrolled from the types, each calls the
// kernels of one instruction set with its sizes, and nothing is decided at run time but the data.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/stages.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace tesela {

// A share of a stage's weight gradient, the unit of work of the second half of a training step.
struct gradient_work {
  std::size_t stage = 0;
  gradient_share share;
};

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

  // From `result_gradients` to the gradient at every product's result.
  static void backward(const float* parameters, float* block) {
    meta::for_each_index_backwards<stage_count>(
        [&](auto i) { backward_stage<i()>(parameters, block); });
  }

  // Every share of every weight gradient. Small layers are one share a kernel row; large ones are cut
  // so that threads find enough of them and a share's operands stay in the cache.
  static constexpr std::size_t work_count = [] {
    std::size_t count = 0;
    for_each_work([&](const gradient_work&) { ++count; });
    return count;
  }();
  static constexpr auto work = [] {
    std::array<gradient_work, work_count> all{};
    std::size_t count = 0;
    for_each_work([&](const gradient_work& one) { all[count++] = one; });
    return all;
  }();

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

  template <class F>
  static constexpr void for_each_work(const F& f) {
    meta::for_each_index<stage_count>([&](auto i) {
      using s = stage<i()>;
      if constexpr (s::is_product) {
        constexpr convolution g = s::geometry;
        // 56 rows are four tiles of AVX-512, 256 columns with 64 samples a 64 KB operand.
        constexpr bool flat = g.out.pixels() == 1;
        const std::size_t rows = flat ? g.out.channels : std::min<std::size_t>(g.out.channels, 56);
        const std::size_t columns = flat ? std::min<std::size_t>(g.row_depth(), 256) : g.row_depth();
        for (std::size_t ky = 0; ky < g.kernel; ++ky) {
          for (std::size_t r = 0; r < g.out.channels; r += rows) {
            for (std::size_t c = 0; c < g.row_depth(); c += columns) {
              f(gradient_work{i(), gradient_share{ky, r, std::min(r + rows, g.out.channels), c,
                                                  std::min(c + columns, g.row_depth())}});
            }
          }
        }
      }
    });
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
      const std::size_t first = at + (share.ky * g.out.channels + share.row) * g.row_depth();
      const std::size_t rows = share.row_end - share.row;
      const std::size_t columns = share.column_end - share.column;
      if (columns == g.row_depth()) {
        update(first, rows * columns);
      } else {
        for (std::size_t r = 0; r < rows; ++r) {
          update(first + r * g.row_depth() + share.column, columns);
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
