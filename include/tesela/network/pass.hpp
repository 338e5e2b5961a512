// SPDX-License-Identifier: MIT
// Running a network's stages: one block forward, one block backward, one share of a weight gradient.
//
// These functions are the network's program: the stages are unrolled from the types, each calls the
// kernels of one instruction set with its sizes, and nothing is decided at run time but the data.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/network/block_plan.hpp"
#include "tesela/network/gradient_work.hpp"
#include "tesela/network/product_gradient.hpp"
#include "tesela/network/stages.hpp"
#include "tesela/network/summary.hpp"
#ifdef TESELA_COMPILED
#include "tesela/layer/compiled_activations.hpp"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace tesela {

namespace detail {
// Where a stage's values lie in a block, and which layer gave them.
struct stage_values {
  std::size_t offset, size, layer;
};
std::string first_non_finite(const float* block, std::span<const stage_values> stages,
                             std::span<const layer_summary> layers);
}  // namespace detail

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

  // Draws what dropouts keep in block number `b` of a batch, before `forward<true>`.
  static void draw_masks([[maybe_unused]] const dropout_key& key, [[maybe_unused]] std::size_t b,
                         [[maybe_unused]] float* block) {
    meta::for_each_index<stage_count>([&](auto i) {
      using s = stage<i()>;
      if constexpr (s::around::masks) {
        draw_dropout(key.stream(s::around::mask_layer, b), s::around::threshold, s::product_size, keep<i()>(block));
      }
    });
  }

  // From the samples at the block's input to `results`.
  template <bool Training>
  static void forward(const float* parameters, float* block) {
    meta::for_each_index<stage_count>([&](auto i) { forward_stage<Training, i()>(parameters, block); });
  }

  // "layer 3 conv2d<16,5>": the first whose values, after `forward<true>`, are not all finite.
  [[gnu::cold]] static std::string first_non_finite(const float* block) {
    static constexpr auto of_stage = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<detail::stage_values, stage_count>{detail::stage_values{
          plan<true>::offset(I, plan<true>::output), stage<I>::output_size, stage<I>::index}...};
    }(std::make_index_sequence<stage_count>{});
    return detail::first_non_finite(block, of_stage, layers_of(Net{}));
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
  static void weight_gradient(const gradient_work& one, float* blocks, std::size_t block_count,
                              float* gradients, range_update update) {
    places[one.stage].gradient(places[one.stage], one.share, blocks, block_count, gradients, update);
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
  static float* kept(float* block) {
    if constexpr (Training && stage<I>::keeps_product) {
      return block + plan<true>::offset(I, plan<true>::kept);
    } else {
      return nullptr;
    }
  }
  // What the gradient of stage I's activation is computed from: its value or its input.
  template <std::size_t I>
  static const float* known(float* block) {
    if constexpr (stage<I>::activation::from_value) {
      return block + plan<true>::offset(I, plan<true>::output);
    } else if constexpr (stage<I>::is_product) {
      return kept<true, I>(block);
    } else {
      return input<true, I>(block);
    }
  }
  template <bool Training, std::size_t I>
  static std::uint8_t* winner(float* block) {
    if constexpr (Training) {
      return reinterpret_cast<std::uint8_t*>(block + plan<true>::offset(I, plan<true>::winner));
    } else {
      return nullptr;
    }
  }

  // The bits of stage I's dropout, null where there is none.
  template <std::size_t I>
  static std::uint32_t* keep(float* block) {
    if constexpr (stage<I>::around::masks) {
      return reinterpret_cast<std::uint32_t*>(block + plan<true>::offset(I, plan<true>::keep));
    } else {
      return nullptr;
    }
  }
  // The gradients of its affine map, likewise,
  template <std::size_t I>
  static float* sums(float* block) {
    if constexpr (stage<I>::around::maps) {
      return block + plan<true>::offset(I, plan<true>::sums);
    } else {
      return nullptr;
    }
  }
  // and the map's weights.
  template <std::size_t I>
  static const float* map_of(const float* parameters) {
    if constexpr (stage<I>::around::maps) {
      return parameters + parameters_at::offsets[I] + stage<I>::affine_offset;
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
      forward_product<Training, I>(parameters, block, x, y);
    } else if constexpr (s::pooled) {
      Isa::max_pool(s::window(), x, y, winner<Training, I>(block));
    } else if constexpr (is_softmax<s>) {
      Isa::softmax(s::output_size / s::channels, s::channels, s::logarithm, x, y);
    } else if constexpr (Training && s::around::masks) {
      Isa::template around<typename s::activation>::apply(x, nullptr, keep<I>(block), y, 1, s::output_size);
    } else if constexpr (s::around::maps) {
      constexpr std::size_t channels = s::around::channels;
      Isa::template around<typename s::activation>::apply(x, map_of<I>(parameters), nullptr, y,
                                                          s::output_size / channels, channels);
    } else {
      Isa::template with<typename s::inference_activation>::apply(x, y, s::output_size * block_lanes);
    }
  }

  template <bool Training, std::size_t I>
  static void forward_product(const float* parameters, float* block, const float* x, float* y) {
    using s = stage<I>;
    using p = plan<Training>;
    constexpr const convolution& g = s::geometry;
    constexpr bool masked = Training && s::around::masks;
    constexpr bool in_windows = s::pooled && !s::pools_apart();
    const float* weights = parameters + parameters_at::offsets[I];
    const float* bias = weights + s::bias_offset;
    float* transposed = Training ? block + p::offset(I, p::transposed) : nullptr;
    float* window = block + p::offset(I, p::window);
    float* result = s::pools_apart() ? window : y;
    using plain = typename Isa::template with<typename s::inference_activation>;
    using around = typename Isa::template around<typename s::activation>;
    if constexpr (s::winograd) {
      float* scratch = block + p::offset(I, p::forward_scratch);
      if constexpr (in_windows) {
        plain::winograd_convolve_and_pool(g, s::window(), weights, bias, x, transposed, scratch, y,
                                          winner<Training, I>(block));
      } else if constexpr (masked) {
        around::winograd_convolve(g, weights, bias, x, keep<I>(block), transposed, scratch, result,
                                  kept<Training, I>(block));
      } else {
        plain::winograd_convolve(g, weights, bias, x, transposed, scratch, result,
                                 kept<Training, I>(block));
      }
    } else {
      if constexpr (Training) Isa::transpose_rows(g, x, transposed);
      if constexpr (in_windows && masked) {
        around::convolve_and_pool(g, s::window(), weights, bias, x, keep<I>(block), window, y,
                                  winner<Training, I>(block), kept<Training, I>(block));
      } else if constexpr (in_windows) {
        plain::convolve_and_pool(g, s::window(), weights, bias, x, window, y, winner<Training, I>(block),
                                 kept<Training, I>(block));
      } else if constexpr (masked) {
        around::convolve(g, weights, bias, x, keep<I>(block), result, kept<Training, I>(block));
      } else {
        plain::convolve(g, weights, bias, x, result, kept<Training, I>(block));
      }
    }
    if constexpr (s::pools_apart()) Isa::max_pool(s::window(), result, y, winner<Training, I>(block));
  }

  // In: the gradient of stage I's output. Out: of its product, and of the output before it.
  template <std::size_t I>
  static void backward_stage(const float* parameters, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    float* dy = gradient<I>(block);
    if constexpr (s::is_product) {
      float* dz = block + product_gradient_offset<I>();
      if constexpr (s::pooled) {
        pool_gradient<I>(parameters, block, dy, dz);
      } else if constexpr (!ends_with_my_derivative<I + 1>()) {
        apply_derivative<I>(parameters, block, dy, dz);
      }
      if constexpr (s::winograd) {
        Isa::winograd_gradient_tiles(s::geometry, dz, block + p::offset(I, p::gradient_tiles));
      }
      if constexpr (I > 0) data_gradient<I>(parameters, dz, block);
    } else if constexpr (I > 0 || s::around::maps) {
      float* dx = nullptr;
      if constexpr (I > 0) dx = gradient<I - 1>(block);
      if constexpr (s::pooled) {
        Isa::max_pool_gradient(s::window(), dy, winner<true, I>(block), dx);
      } else if constexpr (is_softmax<s>) {
        Isa::softmax_gradient(s::output_size / s::channels, s::channels, s::logarithm,
                              block + p::offset(I, p::output), dy, dx);
      } else {
        apply_derivative<I>(parameters, block, dy, dx);
      }
    }
  }

  template <std::size_t I>
  static void pool_gradient(const float* parameters, float* block, const float* dy, float* dz) {
    using s = stage<I>;
    using activation = typename s::activation;
    if constexpr (s::around::masks || s::around::maps) {
      Isa::template around<activation>::max_pool_gradient(s::window(), known<I>(block), map_of<I>(parameters),
                                                          keep<I>(block), dy,
                                                          winner<true, I>(block), dz, sums<I>(block));
    } else {
      Isa::template with<activation>::max_pool_gradient(s::window(), known<I>(block), dy,
                                                        winner<true, I>(block), dz);
    }
  }

  template <std::size_t I>
  static void data_gradient(const float* parameters, const float* dz, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    using before = typename stage<I - 1>::activation;
    constexpr const convolution& g = s::geometry;
    float* dx = gradient<I - 1>(block);
    const float* weights = parameters + parameters_at::offsets[I];
    if constexpr (s::winograd) {
      float* scratch = block + p::offset(I, p::backward_scratch);
      if constexpr (ends_with_my_derivative<I>() && stage<I - 1>::around::masks) {
        Isa::template around<before>::winograd_data_gradient(
            g, weights, dz, known<I - 1>(block), keep<I - 1>(block), scratch, dx);
      } else if constexpr (ends_with_my_derivative<I>()) {
        Isa::template with<before>::winograd_data_gradient(g, weights, dz, known<I - 1>(block),
                                                           scratch, dx);
      } else {
        Isa::winograd_data_gradient(g, weights, dz, scratch, dx);
      }
    } else {
      if constexpr (ends_with_my_derivative<I>() && stage<I - 1>::around::masks) {
        Isa::template around<before>::convolve_data_gradient(g, weights, dz, known<I - 1>(block),
                                                                keep<I - 1>(block), dx);
      } else if constexpr (ends_with_my_derivative<I>()) {
        Isa::template with<before>::convolve_data_gradient(g, weights, dz, known<I - 1>(block), dx);
      } else {
        Isa::convolve_data_gradient(g, weights, dz, dx);
      }
    }
  }

  // Whether the data gradient of product I applies the derivative of the activation before it.
  template <std::size_t I>
  static constexpr bool ends_with_my_derivative() {
    if constexpr (I == 0 || I >= stage_count) {
      return false;
    } else {
      return ends_with_derivative<stage<I - 1>, stage<I>>;
    }
  }

  // dx of stage I's activation and what stands around it; null where nobody asks for it.
  template <std::size_t I>
  static void apply_derivative(const float* parameters, float* block, const float* dy, float* dx) {
    using s = stage<I>;
    using activation = typename s::activation;
    if constexpr (s::around::masks || s::around::maps) {
      constexpr std::size_t size = s::product_size, channels = s::around::maps ? s::around::channels : size;
      Isa::template around<activation>::gradient(known<I>(block), map_of<I>(parameters),
                                                 keep<I>(block), dy, dx, sums<I>(block),
                                                 size / channels, channels);
    } else {
      if constexpr (std::is_same_v<activation, layers::identity::program>) {
        if (dx == dy) return;
      }
      Isa::template with<activation>::apply_gradient(known<I>(block), dy, dx,
                                                     s::output_size * block_lanes);
    }
  }

  // What the gradient of a stage's weights is computed from, if it has weights.
  template <std::size_t I>
  static constexpr product_place<Isa> product_of() {
    using s = stage<I>;
    using p = plan<true>;
    product_place<Isa> place;
    if constexpr (s::is_product) {
      place.geometry = s::geometry;
      place.weights = parameters_at::offsets[I];
      place.bias = place.weights + s::bias_offset;
      place.inputs = p::offset(I, p::transposed);
      place.block_floats = p::floats;
      if constexpr (s::winograd) {
        place.scratch = p::offset(I, p::gradient_scratch);
        place.gradients = p::offset(I, p::gradient_tiles);
        place.gradient = &winograd_gradient<Isa>;
      } else {
        place.gradients = product_gradient_offset<I>();
        place.gradient = &product_gradient<Isa, may_sum_along_lanes(s::geometry)>;
      }
    }
    if constexpr (s::around::maps) {
      place.affine = parameters_at::offsets[I] + s::affine_offset;
      place.affine_pitch = s::around::pitch;
      place.affine_sums = p::offset(I, p::sums);
      place.block_floats = p::floats;
      if constexpr (!s::is_product) place.gradient = &sum_affine_gradient<Isa>;
    }
    return place;
  }
  static constexpr auto places = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<product_place<Isa>, stage_count>{product_of<I>()...};
  }(std::make_index_sequence<stage_count>{});
};

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/network/pass.ipp"
#endif
