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
  using transformed_at = winograd_layout<stages>;
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

  // What the stages read: parameters and, in training, the weights transformed for Winograd's
  // algorithm (inference takes the direct one, which needs no preparation).
  struct weights_view {
    const float* parameters;
    const float* transformed = nullptr;
  };

  // Draws what dropouts keep in block number `b` of a batch, before `forward<true>`.
  static void draw_masks([[maybe_unused]] const dropout_key& key, [[maybe_unused]] std::size_t b,
                         [[maybe_unused]] float* block) {
    meta::for_each_index<stage_count>([&](auto i) {
      using s = stage<i()>;
      if constexpr (s::mask::masks) {
        draw_dropout(key.stream(s::mask::layer, b), s::mask::threshold, s::product_size, keep<i()>(block));
      }
    });
  }

  // From the samples at the block's input to `results`.
  template <bool Training>
  static void forward(const weights_view& weights, float* block) {
    meta::for_each_index<stage_count>([&](auto i) { forward_stage<Training, i()>(weights, block); });
  }

  // "layer 3 conv2d<16,5>": the first whose values, after `forward<true>`, are not all finite.
  [[gnu::cold]] static std::string first_non_finite(float* block) {
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
  static void backward(const weights_view& weights, float* block) {
    meta::for_each_index_backwards<stage_count>(
        [&](auto i) { backward_stage<i()>(weights, block); });
  }

  // Transforms of weights, before `forward<true>`.
  static constexpr const auto& transform_work = transform_work_of<stages>;
  static void transform_weights(const gradient_work& one, const float* parameters,
                                float* transformed) {
    using function = void (*)(const gradient_share&, const float*, float*);
    static constexpr auto by_stage = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<function, stage_count>{&transform_weights_of<I>...};
    }(std::make_index_sequence<stage_count>{});
    by_stage[one.stage](one.share, parameters, transformed);
  }

  // Every share of every weight gradient.
  static constexpr const auto& work = gradient_work_of<stages>;

  // The gradient of one share, written to its place in `gradients`; then `update(offset, count)` for
  // every contiguous range of parameters whose gradient is now known.
  template <class Update>
  static void weight_gradient(const gradient_work& one, const float* blocks, std::size_t block_count,
                              float* transformed, float* gradients, const Update& update) {
    using function = void (*)(const gradient_share&, const float*, std::size_t, float*, float*,
                              const Update&);
    static constexpr auto by_stage = []<std::size_t... I>(std::index_sequence<I...>) {
      return std::array<function, stage_count>{&weight_gradient_of<I, Update>...};
    }(std::make_index_sequence<stage_count>{});
    by_stage[one.stage](one.share, blocks, block_count, transformed, gradients, update);
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

  // The bits of stage I's dropout.
  template <std::size_t I>
  static std::uint32_t* keep(float* block) {
    return reinterpret_cast<std::uint32_t*>(block + plan<true>::offset(I, plan<true>::keep));
  }

  template <std::size_t I>
  static void forward_masked_stage(const weights_view& from, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    using kernels = typename Isa::template with_mask<typename s::activation>;
    const float* x = input<true, I>(block);
    float* y = block + p::offset(I, p::output);
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      const float* weights = from.parameters + parameters_at::offsets[I];
      const float* bias = weights + s::bias_offset;
      Isa::transpose_rows(g, x, block + p::offset(I, p::transposed));
      if constexpr (s::pooled) {
        kernels::convolve_and_pool(g, s::window(), weights, bias, x, keep<I>(block),
                                   block + p::offset(I, p::window), y, winner<true, I>(block));
      } else {
        kernels::convolve(g, weights, bias, x, keep<I>(block), y, kept<true, I>(block));
      }
    } else {
      kernels::apply(x, keep<I>(block), y, s::output_size);
    }
  }

  template <bool Training, std::size_t I>
  static void forward_stage(const weights_view& from, float* block) {
    using s = stage<I>;
    using p = plan<Training>;
    if constexpr (Training && s::mask::masks) {
      forward_masked_stage<I>(from, block);
      return;
    }
    using kernels = typename Isa::template with<typename s::inference_activation>;
    const float* x = input<Training, I>(block);
    float* y = block + p::offset(I, p::output);
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      const float* weights = from.parameters + parameters_at::offsets[I];
      const float* bias = weights + s::bias_offset;
      if constexpr (Training && s::winograd) {
        const float* transformed = from.transformed + transformed_at::offsets[I];
        float* patches = block + p::offset(I, p::patches);
        float* products = block + p::offset(I, p::products);
        if constexpr (s::winograd_pools()) {
          kernels::winograd_convolve_and_pool(g, s::window(), transformed, bias, x, patches,
                                              products, y, winner<true, I>(block));
        } else {
          float* result = s::pooled ? block + p::offset(I, p::window) : y;
          kernels::winograd_convolve(g, transformed, bias, x, patches, products, result,
                                     kept<Training, I>(block));
          if constexpr (s::pooled) Isa::max_pool(s::window(), result, y, winner<true, I>(block));
        }
        Isa::winograd_transpose(g, patches, block + p::offset(I, p::transposed));
        return;
      }
      if constexpr (Training) Isa::transpose_rows(g, x, block + p::offset(I, p::transposed));
      if constexpr (Training && s::pooled && s::mask::maps) {
        Isa::template with_affine<typename s::activation>::convolve_and_pool(
            g, s::window(), weights, bias, x, block + p::offset(I, p::window), y,
            winner<true, I>(block), kept<true, I>(block));
      } else if constexpr (s::pooled) {
        kernels::convolve_and_pool(g, s::window(), weights, bias, x, block + p::offset(I, p::window),
                                   y, winner<Training, I>(block));
      } else {
        kernels::convolve(g, weights, bias, x, y, kept<Training, I>(block));
      }
    } else if constexpr (s::pooled) {
      Isa::max_pool(s::window(), x, y, winner<Training, I>(block));
    } else if constexpr (s::mask::maps) {
      Isa::template with_affine<typename s::activation>::apply(
          x, from.parameters + parameters_at::offsets[I], y, s::output_size / s::mask::channels);
    } else {
      kernels::apply(x, y, s::output_size * block_lanes);
    }
  }

  // In: the gradient of stage I's output. Out: of its product, and of the output before it.
  template <std::size_t I>
  static void backward_stage(const weights_view& from, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    float* dy = gradient<I>(block);
    if constexpr (s::is_product) {
      float* dz = block + product_gradient_offset<I>();
      if constexpr (s::pooled && s::mask::maps) {
        Isa::template with_affine<typename s::activation>::max_pool_gradient(
            s::window(), known<I>(block), from.parameters + parameters_at::offsets[I] + s::affine_offset,
            dy, winner<true, I>(block), dz, block + p::offset(I, p::sums));
      } else if constexpr (s::pooled) {
        pool_gradient<I>(block, dy, dz);
      } else if constexpr (s::mask::maps) {
        affine_gradient<I>(from, block, dy, dz);
      } else if constexpr (!ends_with_my_derivative<I + 1>()) {
        apply_derivative<I>(block, dy, dz);
      }
      if constexpr (s::winograd) {
        Isa::winograd_gradient_tiles(s::geometry, dz, block + p::offset(I, p::gradient_tiles));
      }
      if constexpr (I > 0) data_gradient<I>(from, dz, block);
    } else if constexpr (s::mask::maps) {
      float* dx = nullptr;
      if constexpr (I > 0) dx = gradient<I - 1>(block);
      affine_gradient<I>(from, block, dy, dx);
    } else if constexpr (I > 0) {
      float* dx = gradient<I - 1>(block);
      if constexpr (s::pooled) {
        Isa::max_pool_gradient(s::window(), dy, winner<true, I>(block), dx);
      } else {
        apply_derivative<I>(block, dy, dx);
      }
    }
  }

  template <std::size_t I>
  static void affine_gradient(const weights_view& from, float* block, const float* dy, float* dx) {
    using s = stage<I>;
    Isa::template with_affine<typename s::activation>::gradient(
        known<I>(block), from.parameters + parameters_at::offsets[I] + s::affine_offset, dy, dx,
        block + plan<true>::offset(I, plan<true>::sums), s::product_size / s::mask::channels);
  }

  template <std::size_t I>
  static void pool_gradient(float* block, const float* dy, float* dz) {
    using s = stage<I>;
    using activation = typename s::activation;
    if constexpr (s::mask::masks) {
      Isa::template with_mask<activation>::max_pool_gradient(
          s::window(), known<I>(block), dy, winner<true, I>(block), keep<I>(block), dz);
    } else {
      Isa::template with<activation>::max_pool_gradient(s::window(), known<I>(block), dy,
                                                        winner<true, I>(block), dz);
    }
  }

  template <std::size_t I>
  static void data_gradient(const weights_view& from, const float* dz, float* block) {
    using s = stage<I>;
    using p = plan<true>;
    using before = typename stage<I - 1>::activation;
    constexpr convolution g = s::geometry;
    float* dx = gradient<I - 1>(block);
    if constexpr (s::winograd) {
      const float* turned =
          from.transformed + transformed_at::offsets[I] + winograd_weight_floats(g);
      float* patches = block + p::offset(I, p::gradient_patches);
      float* products = block + p::offset(I, p::gradient_products);
      if constexpr (ends_with_my_derivative<I>()) {
        Isa::template with<before>::winograd_data_gradient(g, turned, dz, known<I - 1>(block),
                                                           patches, products, dx);
      } else {
        Isa::winograd_data_gradient(g, turned, dz, patches, products, dx);
      }
    } else {
      const float* weights = from.parameters + parameters_at::offsets[I];
      if constexpr (ends_with_my_derivative<I>() && stage<I - 1>::mask::masks) {
        Isa::template with_mask<before>::convolve_data_gradient(g, weights, dz, known<I - 1>(block),
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

  // dx of stage I's activation alone.
  template <std::size_t I>
  static void apply_derivative(float* block, const float* dy, float* dx) {
    using s = stage<I>;
    using activation = typename s::activation;
    if constexpr (s::mask::masks) {
      Isa::template with_mask<activation>::apply_gradient(known<I>(block), keep<I>(block), dy, dx,
                                                          s::output_size);
    } else {
      if constexpr (std::is_same_v<activation, layers::identity::program>) {
        if (dx == dy) return;
      }
      Isa::template with<activation>::apply_gradient(known<I>(block), dy, dx,
                                                     s::output_size * block_lanes);
    }
  }

  template <std::size_t I>
  static void transform_weights_of(const gradient_share& share, const float* parameters,
                                   float* transformed) {
    using s = stage<I>;
    if constexpr (s::is_product) {
      if constexpr (s::winograd) {
        const float* weights = parameters + parameters_at::offsets[I];
        float* to = transformed + transformed_at::offsets[I];
        const bool turned = share.ky == 1;
        if (turned) to += winograd_weight_floats(s::geometry);
        Isa::winograd_weights(s::geometry, weights, turned, share.row, share.row_end, to);
      }
    }
  }

  template <std::size_t I, class Update>
  static void weight_gradient_of(const gradient_share& share, const float* blocks,
                                 std::size_t block_count, float* transformed, float* gradients,
                                 const Update& update) {
    using s = stage<I>;
    using p = plan<true>;
    if constexpr (s::is_product) {
      constexpr convolution g = s::geometry;
      const std::size_t at = parameters_at::offsets[I], rows = share.row_end - share.row;
      const std::size_t kernel_row = g.out.channels * g.weight_row();
      const float* inputs = blocks + p::offset(I, p::transposed);
      if constexpr (s::winograd) {
        const float* tiles = blocks + p::offset(I, p::gradient_tiles);
        Isa::winograd_weight_gradient(
            g, share.row, share.row_end, tiles, inputs, block_count, p::floats,
            transformed + transformed_at::offsets[I] + winograd_weight_floats(g), gradients + at);
        for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
          update(at + ky * kernel_row + share.row * g.weight_row(), rows * g.weight_row());
        }
        // At the point (1, 1), position 7 of 36, a transformed tile is the sum of its 16 pixels.
        constexpr winograd_tiles t = tiles_of(g.out);
        constexpr std::size_t plane = winograd_tile_plane(t, g.out.channels);
        bias_gradient<I>({g.out.channels, t.rows, t.columns}, tiles + 7 * plane, share, block_count,
                         gradients, update);
        affine_gradient_of<I>(share, blocks, block_count, gradients, update);
      } else {
        const float* dy = blocks + product_gradient_offset<I>();
        Isa::template convolve_weight_gradient<may_sum_along_lanes(g)>(
            g, share, dy, inputs, block_count, p::floats, gradients + at);
        const std::size_t columns = share.column_end - share.column;
        for (std::size_t ky = share.ky; ky < share.ky_end(); ++ky) {
          const std::size_t first = at + ky * kernel_row + share.row * g.weight_row();
          if (columns == g.row_depth()) {
            update(first, rows * g.weight_row());
          } else {
            for (std::size_t r = 0; r < rows; ++r) {
              update(first + r * g.weight_row() + share.column, columns);
            }
          }
        }
        if (share.ky == 0 && share.column == 0) {
          bias_gradient<I>(g.out, dy, share, block_count, gradients, update);
          affine_gradient_of<I>(share, blocks, block_count, gradients, update);
        }
      }
    } else {
      affine_gradient_of<I>(share, blocks, block_count, gradients, update);
    }
  }

  template <std::size_t I, class Update>
  static void bias_gradient(const image& of, const float* dy, const gradient_share& share,
                            std::size_t block_count, float* gradients, const Update& update) {
    const std::size_t bias = parameters_at::offsets[I] + stage<I>::bias_offset;
    Isa::bias_gradient(of, dy, block_count, plan<true>::floats, share.row, share.row_end,
                       gradients + bias);
    update(bias + share.row, share.row_end - share.row);
  }

  // The gradients of an affine map, if there is one: of all blocks, in order.
  template <std::size_t I, class Update>
  static void affine_gradient_of([[maybe_unused]] const gradient_share& share,
                                 [[maybe_unused]] const float* blocks,
                                 [[maybe_unused]] std::size_t block_count,
                                 [[maybe_unused]] float* gradients,
                                 [[maybe_unused]] const Update& update) {
    using s = stage<I>;
    if constexpr (s::mask::maps) {
      const float* sums = blocks + plan<true>::offset(I, plan<true>::sums);
      for (std::size_t part = 0; part < 2; ++part) {
        const std::size_t at = part * s::mask::pitch;
        const std::size_t parameters = parameters_at::offsets[I] + s::affine_offset + at;
        Isa::sum_blocks(sums + at + share.row, block_count, plan<true>::floats,
                        share.row_end - share.row, gradients + parameters + share.row);
        update(parameters + share.row, share.row_end - share.row);
      }
    }
  }
};

}  // namespace tesela
