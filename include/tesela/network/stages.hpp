// SPDX-License-Identifier: MIT
// From layers to stages: what runs as one pass over a block.
//
// A product takes along what follows it: a dropout, an affine map and an activation, one of each in any order,
// are its ending, and a pooling behind them reads its pixels out of the cache. Reshapes vanish. What is left runs
// as a stage of its own. All this is decided from the types.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/around.hpp"
#include "tesela/layer/softmax.hpp"
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
struct nothing_around {
  template <class Activation>
  using training = Activation;
  template <class Activation>
  using inference = Activation;
  static constexpr bool masks = false, maps = false;
  static constexpr std::size_t parameter_floats = 0;
};

namespace detail {

inline constexpr std::size_t no_layer = static_cast<std::size_t>(-1);

// A layer as a step of an around_program, in training and in inference.
template <class Placed, layer_role Kind = Placed::layer::kind>
struct step_of {  // an activation
  using training = typename Placed::layer::program;
  using inference = training;
  static constexpr std::uint32_t threshold = 0;
  static constexpr std::size_t channels = 0;
};
template <class Placed>
struct step_of<Placed, layer_role::mask> {
  using training = typename Placed::layer;
  using inference = layers::identity;
  static constexpr std::uint32_t threshold = Placed::layer::threshold;
  static constexpr std::size_t channels = 0;
};
template <class Placed>
struct step_of<Placed, layer_role::affine> {
  static constexpr std::size_t channels = Placed::layer::channels(typename Placed::input_type{});
  using training = layers::affine_step<channels>;
  using inference = training;
  static constexpr std::uint32_t threshold = 0;
};

}  // namespace detail

// or a dropout, layer number MaskLayer, or an affine map, MapLayer, or both: `Placed` are these layers and
// the activation in their order.
template <std::size_t MaskLayer, std::size_t MapLayer, class... Placed>
struct stage_around {
  static constexpr bool masks = MaskLayer != detail::no_layer, maps = MapLayer != detail::no_layer;
  static constexpr std::size_t mask_layer = MaskLayer, map_layer = MapLayer;
  static constexpr std::uint32_t threshold = (0u + ... + detail::step_of<Placed>::threshold);
  static constexpr std::size_t channels = (std::size_t{0} + ... + detail::step_of<Placed>::channels);
  // Weights, then biases.
  static constexpr std::size_t pitch = round_up(channels, alignment_floats);
  static constexpr std::size_t parameter_floats = 2 * pitch;

  template <class>
  using training = layers::around_program<typename detail::step_of<Placed>::training...>;
  template <class Activation>
  using inference =
      std::conditional_t<maps, layers::around_program<typename detail::step_of<Placed>::inference...>,
                         Activation>;
};

// A product with its activation (identity where there is none), what stands around it and its pooling, if any.
// `Index` is the product's number among the layers: it names the weights.
template <std::size_t Index, class Product, class Activation, class Pool, class Around>
struct product_stage {
  using activation = typename Around::template training<Activation>;
  using inference_activation = typename Around::template inference<Activation>;
  using around = Around;
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
  // The activation's gradient needs its input, the product's result: it is stored as well.
  static constexpr bool keeps_product = !activation::from_value;
  // Tiles are pooled before they are stored, where they hold whole windows and nothing else is stored.
  static constexpr bool winograd_pools() {
    return winograd && pooled && !Around::masks && !keeps_product && pools_in_tiles(window());
  }
  // All results are stored, and pooled from there: where windows overlap, pixels would be computed anew.
  static constexpr bool pools_apart() {
    return pooled && (winograd ? !winograd_pools() : window().overlaps());
  }

  // Weights, then bias, each at the start of a cache line.
  static constexpr std::size_t bias_offset = round_up(geometry.weight_floats(), alignment_floats);
  static constexpr std::size_t affine_offset =
      bias_offset + round_up(geometry.out.channels, alignment_floats);
  static constexpr std::size_t parameter_floats = affine_offset + Around::parameter_floats;
};

// A layer that no product takes along; by itself it passes its input on.
template <std::size_t Index, class Placed>
struct lone_stage {
  using activation = layers::identity::program;
  using inference_activation = activation;
  using around = nothing_around;
  static constexpr std::size_t index = Index;
  static constexpr bool is_product = false, pooled = false;
  static constexpr std::size_t input_size = Placed::input_type::size;
  static constexpr std::size_t output_size = Placed::output_type::size;
  static constexpr std::size_t product_size = input_size;
  static constexpr std::size_t affine_offset = 0, parameter_floats = 0;
};

template <std::size_t Index, class Placed>
struct activation_stage : lone_stage<Index, Placed> {
  using activation = typename Placed::layer::program;
  using inference_activation = activation;
};

// A dropout or an affine map.
template <std::size_t Index, class Placed, class Around>
struct around_stage : lone_stage<Index, Placed> {
  using around = Around;
  using activation = typename Around::template training<layers::identity>;
  using inference_activation = typename Around::template inference<layers::identity>;
  static constexpr std::size_t parameter_floats = Around::parameter_floats;
};

// Softmax or its logarithm, of every pixel's channels.
template <std::size_t Index, class Placed>
struct softmax_stage : lone_stage<Index, Placed> {
  static constexpr std::size_t channels = Placed::layer::channels(typename Placed::input_type{});
  static constexpr bool logarithm = Placed::layer::logarithm;
};
template <class Stage>
inline constexpr bool is_softmax = requires { Stage::logarithm; };

template <std::size_t Index, class Placed>
struct pooling_stage : lone_stage<Index, Placed> {
  static constexpr bool pooled = true;
  static constexpr pooling window() { return Placed::layer::window(typename Placed::input_type{}); }
};

namespace detail {

// The layers of one stage, by their numbers.
struct stage_layers {
  std::size_t first = no_layer, pool = no_layer;
  std::size_t mask = no_layer, affine = no_layer, activation = no_layer;
  std::array<std::size_t, 3> ending{};  // these three, as far as there are such, in their order
  std::size_t ending_size = 0;

  // Where the number of a layer of this kind stands, if a product's ending may have one.
  constexpr std::size_t* place_of(layer_role kind) {
    if (kind == layer_role::mask) return &mask;
    if (kind == layer_role::affine) return &affine;
    return kind == layer_role::activation ? &activation : nullptr;
  }
};

template <std::size_t Layers>
struct grouping {
  std::array<stage_layers, Layers> stages{};
  std::size_t count = 0;
};

template <bool Fused, class... Placed>
constexpr auto group() {
  constexpr std::size_t n = sizeof...(Placed);
  constexpr std::array<layer_role, n> kinds{Placed::layer::kind...};
  grouping<n> result;
  // The next layer that does something, or n.
  const auto skip_reshapes = [&](std::size_t i) {
    while (i < n && kinds[i] == layer_role::reshape) ++i;
    return i;
  };
  for (std::size_t i = skip_reshapes(0); i < n; i = skip_reshapes(i)) {
    stage_layers stage{.first = i};
    const auto take = [&] {
      if (std::size_t* const place = stage.place_of(kinds[i]); place != nullptr && *place == no_layer) {
        *place = stage.ending[stage.ending_size++] = i;
        i = skip_reshapes(i + 1);
        return true;
      }
      return false;
    };
    if (kinds[i] != layer_role::product) {
      if (!take()) ++i;
    } else {
      i = skip_reshapes(i + 1);
      while (Fused && i < n && take()) {
      }
      if (Fused && i < n && kinds[i] == layer_role::pooling) stage.pool = i++;
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
constexpr auto make_around() {
  if constexpr (S.mask == no_layer && S.affine == no_layer) {
    return std::type_identity<nothing_around>{};
  } else {
    return []<std::size_t... K>(std::index_sequence<K...>) {
      return std::type_identity<stage_around<S.mask, S.affine, meta::at<List, S.ending[K]>...>>{};
    }(std::make_index_sequence<S.ending_size>{});
  }
}
template <class List, stage_layers S>
using around_of = typename decltype(make_around<List, S>())::type;

struct placed_identity {
  using layer = layers::identity;
};

template <class List, stage_layers S>
constexpr auto make_stage() {
  using first = meta::at<List, S.first>;
  constexpr layer_role kind = first::layer::kind;
  if constexpr (kind == layer_role::product) {
    using activation = typename layer_or<List, S.activation, placed_identity>::type::layer::program;
    using pool = typename layer_or<List, S.pool, no_pooling>::type;
    return std::type_identity<product_stage<S.first, first, activation, pool, around_of<List, S>>>{};
  } else if constexpr (kind == layer_role::pooling) {
    return std::type_identity<pooling_stage<S.first, first>>{};
  } else if constexpr (kind == layer_role::softmax) {
    return std::type_identity<softmax_stage<S.first, first>>{};
  } else if constexpr (kind == layer_role::activation) {
    return std::type_identity<activation_stage<S.first, first>>{};
  } else {
    return std::type_identity<around_stage<S.first, first, around_of<List, S>>>{};
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
    return !Stage::pooled && !Stage::around::maps;
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
