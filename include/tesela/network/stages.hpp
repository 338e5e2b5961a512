// SPDX-License-Identifier: MIT
// From layers to stages: what runs as one pass over a block.
//
// A product takes the activation and the pooling that follow it along: the activation is its ending,
// the pooling reads its pixels out of the cache. Only behind an activation whose gradient needs its
// input does the pooling stand alone, since the input must be kept then. Reshapes vanish. What is left
// of activations and poolings runs as a stage of its own. All this is decided from the types.
//
// A dropout masks what the activation takes or gives, and goes along with the product too. So does an affine
// map, where there is no dropout yet; the product's result is kept for its gradient.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/affine.hpp"
#include "tesela/layer/dropout.hpp"
#include "tesela/network/network.hpp"
#include "tesela/tensor/arena.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace tesela {

// No pooling behind a product.
struct no_pooling {
  static constexpr std::size_t size = 0;
};

// What stands around an activation in one stage with it: nothing, and kernels compute the activation,
struct no_mask {
  template <class Activation>
  using around = Activation;
  template <class Activation>
  using in_inference = Activation;
  static constexpr bool masks = false, maps = false;
  static constexpr std::size_t parameter_floats = 0;
};
// the dropout that is layer `Index`, before the activation or behind it,
template <std::size_t Index, class Dropout, bool First>
struct stage_mask {
  template <class Activation>
  using around = layers::masked_program<Activation, Dropout, First>;
  template <class Activation>
  using in_inference = Activation;
  static constexpr bool masks = true, maps = false;
  static constexpr std::size_t parameter_floats = 0;
  static constexpr std::size_t layer = Index;
  static constexpr std::uint32_t threshold = Dropout::threshold;
};
// or the affine map that is layer `Index`, likewise.
template <std::size_t Index, class Placed, bool First>
struct stage_affine {
  static constexpr std::size_t channels = Placed::layer::channels(typename Placed::input_type{});
  template <class Activation>
  using around = layers::affine_program<Activation, channels, First>;
  template <class Activation>
  using in_inference = around<Activation>;
  static constexpr bool masks = false, maps = true;
  static constexpr std::size_t layer = Index;
  // Weights, then biases.
  static constexpr std::size_t pitch = round_up(channels, alignment_floats);
  static constexpr std::size_t parameter_floats = 2 * pitch;
};

// A product with its activation (identity where there is none), its dropout and its pooling, if any.
// `Index` is the product's number among the layers: it names the weights.
template <std::size_t Index, class Product, class Activation, class Pool, class Mask>
struct product_stage {
  using activation = typename Mask::template around<Activation>;  // in training
  using inference_activation = typename Mask::template in_inference<Activation>;
  using mask = Mask;
  using last = std::conditional_t<std::is_same_v<Pool, no_pooling>, Product, Pool>;

  static constexpr std::size_t index = Index;
  static constexpr bool is_product = true;
  static constexpr bool pooled = !std::is_same_v<Pool, no_pooling>;
  static constexpr convolution geometry = Product::layer::geometry(typename Product::input_type{});
  static constexpr std::size_t input_size = Product::input_type::size;
  static constexpr bool flat_input = Product::input_type::rank == 1;
  static constexpr std::size_t product_size = Product::output_type::size;
  static constexpr std::size_t output_size = last::output_type::size;

  static constexpr pooling window() {
    if constexpr (pooled) {
      return Pool::layer::window(typename Pool::input_type{});
    } else {
      return {};
    }
  }

  static constexpr bool winograd = winograd_pays(geometry);
  // Winograd's results are pooled before they are stored.
  static constexpr bool winograd_pools() {
    return winograd && pooled && !Mask::maps && !Mask::masks && pools_in_tiles(window());
  }
  // The activation's gradient needs its input, the product's result: it is stored as well.
  static constexpr bool keeps_product = !activation::from_value;

  // Weights, then bias, each at the start of a cache line.
  static constexpr std::size_t bias_offset = round_up(geometry.weight_floats(), alignment_floats);
  static constexpr std::size_t affine_offset =
      bias_offset + round_up(geometry.out.channels, alignment_floats);
  static constexpr std::size_t parameter_floats = affine_offset + Mask::parameter_floats;
};

template <std::size_t Index, class Placed>
struct activation_stage {
  using activation = typename Placed::layer::program;
  using inference_activation = activation;
  using mask = no_mask;
  static constexpr std::size_t index = Index;
  static constexpr bool is_product = false, pooled = false;
  static constexpr std::size_t input_size = Placed::input_type::size;
  static constexpr std::size_t output_size = input_size;
  static constexpr std::size_t parameter_floats = 0;
};

// A dropout or an affine map that stands alone.
template <std::size_t Index, class Placed, class Mask>
struct around_stage {
  using mask = Mask;
  using inference_activation = typename Mask::template in_inference<layers::identity::program>;
  using activation = typename Mask::template around<layers::identity::program>;
  static constexpr std::size_t index = Index;
  static constexpr bool is_product = false, pooled = false;
  static constexpr std::size_t input_size = Placed::input_type::size;
  static constexpr std::size_t output_size = input_size, product_size = input_size;
  static constexpr std::size_t affine_offset = 0, parameter_floats = Mask::parameter_floats;
};

template <std::size_t Index, class Placed>
struct pooling_stage {
  using activation = layers::identity::program;
  using inference_activation = activation;
  using mask = no_mask;
  static constexpr std::size_t index = Index;
  static constexpr bool is_product = false, pooled = true;
  static constexpr std::size_t input_size = Placed::input_type::size;
  static constexpr std::size_t output_size = Placed::output_type::size;
  static constexpr std::size_t parameter_floats = 0;
  static constexpr pooling window() { return Placed::layer::window(typename Placed::input_type{}); }
};

namespace detail {

inline constexpr std::size_t no_layer = static_cast<std::size_t>(-1);

// The layers of one stage, by their numbers.
struct stage_layers {
  std::size_t first = no_layer, activation = no_layer, pool = no_layer;
  std::size_t mask = no_layer, affine = no_layer;  // one of them at most
  bool around_first = false;                       // before the activation
};

template <std::size_t Layers>
struct grouping {
  std::array<stage_layers, Layers> stages{};
  std::size_t count = 0;
};

// Whether a pooling may follow in the same stage: without a mask, behind it, before it.
struct pools_behind {
  bool plain = true, mask_first = true, mask_last = true;
};
struct some_dropout {
  static constexpr float scale = 1;
};
template <bool Masks, class LayerType>
constexpr pools_behind forgets_input() {
  pools_behind result;
  if constexpr (LayerType::kind == layer_role::activation) {
    using program = typename LayerType::program;
    result.plain = program::from_value;
    if constexpr (Masks) {
      result.mask_first = layers::masked_program<program, some_dropout, true>::from_value;
      result.mask_last = layers::masked_program<program, some_dropout, false>::from_value;
    }
  }
  return result;
}

template <bool Fused, class... Placed>
constexpr auto group() {
  constexpr std::size_t n = sizeof...(Placed);
  constexpr std::array<layer_role, n> kinds{Placed::layer::kind...};
  constexpr bool masks = ((Placed::layer::kind == layer_role::mask) || ...);
  constexpr std::array<pools_behind, n> forgets{forgets_input<masks, typename Placed::layer>()...};
  grouping<n> result;
  // The next layer that does something, if it is of the wanted kind.
  const auto take = [&](std::size_t& i, layer_role wanted) {
    std::size_t next = i;
    while (next < n && kinds[next] == layer_role::reshape) ++next;
    if (next == n || kinds[next] != wanted) return no_layer;
    i = next + 1;
    return next;
  };
  for (std::size_t i = 0; i < n;) {
    const std::size_t first = i++;
    if (kinds[first] == layer_role::reshape) continue;
    stage_layers stage{.first = first};
    if (Fused && kinds[first] == layer_role::product) {
      const auto take_around = [&] {
        stage.mask = take(i, layer_role::mask);
        if (stage.mask == no_layer) stage.affine = take(i, layer_role::affine);
        return stage.mask != no_layer || stage.affine != no_layer;
      };
      stage.around_first = take_around();
      stage.activation = take(i, layer_role::activation);
      if (!stage.around_first) take_around();
      const pools_behind may = stage.activation == no_layer ? pools_behind{} : forgets[stage.activation];
      if (stage.affine != no_layer || (stage.mask == no_layer ? may.plain
                                       : stage.around_first ? may.mask_first
                                                            : may.mask_last)) {
        stage.pool = take(i, layer_role::pooling);
      }
    }
    result.stages[result.count++] = stage;
  }
  return result;
}

template <class List, std::size_t I, class Otherwise>
struct layer_or {
  using type = meta::at<List, I>;
};
template <class List, class Otherwise>
struct layer_or<List, no_layer, Otherwise> {
  using type = Otherwise;
};

template <class List, stage_layers S>
struct mask_of {
  using type = no_mask;
};
template <class List, stage_layers S>
  requires(S.mask != no_layer)
struct mask_of<List, S> {
  using type = stage_mask<S.mask, typename meta::at<List, S.mask>::layer, S.around_first>;
};
template <class List, stage_layers S>
  requires(S.affine != no_layer)
struct mask_of<List, S> {
  using type = stage_affine<S.affine, meta::at<List, S.affine>, S.around_first>;
};

struct placed_identity {
  using layer = layers::identity;
};

template <class List, stage_layers S>
constexpr auto make_stage() {
  using first = meta::at<List, S.first>;
  if constexpr (first::layer::kind == layer_role::product) {
    using activation = typename layer_or<List, S.activation, placed_identity>::type::layer::program;
    using pool = typename layer_or<List, S.pool, no_pooling>::type;
    return std::type_identity<
        product_stage<S.first, first, activation, pool, typename mask_of<List, S>::type>>{};
  } else if constexpr (first::layer::kind == layer_role::pooling) {
    return std::type_identity<pooling_stage<S.first, first>>{};
  } else if constexpr (first::layer::kind == layer_role::mask) {
    using mask = stage_mask<S.first, typename first::layer, false>;
    return std::type_identity<around_stage<S.first, first, mask>>{};
  } else if constexpr (first::layer::kind == layer_role::affine) {
    return std::type_identity<around_stage<S.first, first, stage_affine<S.first, first, true>>>{};
  } else {
    return std::type_identity<activation_stage<S.first, first>>{};
  }
}

template <class Net, bool Fused = true>
struct stages;

template <class Net, bool Fused>
struct stages<unfused_network<Net>, Fused> : stages<Net, false> {};

template <class Input, class... Placed, bool Fused>
struct stages<network<Input, Placed...>, Fused> {
  static constexpr auto groups = group<Fused, Placed...>();
  using type = decltype([]<std::size_t... I>(std::index_sequence<I...>) {
    return meta::list<typename decltype(make_stage<meta::list<Placed...>,
                                                   groups.stages[I]>())::type...>{};
  }(std::make_index_sequence<groups.count>{}));
};

}  // namespace detail

// The stages of a network, a meta::list.
template <class Net>
using stages_of = typename detail::stages<std::remove_cvref_t<Net>>::type;

// Whether the data gradient of stage `Next` applies the derivative of the stage before it on its way.
template <class Stage, class Next>
inline constexpr bool ends_with_derivative = [] {
  if constexpr (Stage::is_product && Next::is_product) {
    return !Stage::pooled && !Stage::mask::maps;
  } else {
    return false;
  }
}();

// Where each stage's parameters begin in the arena, and the arena's size in floats.
template <class Stages>
struct parameter_layout;

template <class... Stage>
struct parameter_layout<meta::list<Stage...>> {
  static constexpr auto offsets = [] {
    std::array<std::size_t, sizeof...(Stage) + 1> result{};
    std::size_t i = 0, at = 0;
    ((result[i++] = at, at += Stage::parameter_floats), ...);
    result[i] = at;
    return result;
  }();
  static constexpr std::size_t floats = offsets[sizeof...(Stage)];
};

}  // namespace tesela
