// SPDX-License-Identifier: MIT
// A network is a type: an input shape and layers, each placed behind the one before it.
//
//   inline constexpr auto mlp = input<3, 32, 32> | flatten | linear<120> | relu | linear<10>;
//
// Every shape behind the input is inferred as the layers are joined. A layer that does not fit ends
// the compilation with one sentence (core/diagnostics.hpp); `can_follow` asks without complaint.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/shape/shape.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

// A layer at its place: what it receives, what it gives, what it costs for one sample.
template <class LayerType, class Input>
struct placed {
  using layer = LayerType;
  using input_type = Input;
  using output_type = decltype(LayerType::output(Input{}));

  static constexpr bool has_weights = LayerType::kind == layer_role::product;

  static constexpr std::size_t parameter_count() {
    if constexpr (has_weights) {
      constexpr convolution g = LayerType::geometry(Input{});
      return g.weight_count() + g.out.channels;
    } else {
      return 0;
    }
  }
  // Multiplications with additions, as they are counted in the literature: taps that fall into the
  // padding count, though the kernels skip them.
  static constexpr std::size_t macs() {
    if constexpr (has_weights) {
      constexpr convolution g = LayerType::geometry(Input{});
      return g.weight_count() * g.out.pixels();
    } else {
      return 0;
    }
  }
};

template <class Input, class... Placed>
struct network {
  using input_type = Input;
  using placed_layers = meta::list<Placed...>;

  static constexpr std::size_t layer_count = sizeof...(Placed);
  static constexpr Input input{};
  static constexpr auto output = [] {
    if constexpr (layer_count == 0) {
      return Input{};
    } else {
      return typename meta::at<placed_layers, layer_count - 1>::output_type{};
    }
  }();

  // Weights and biases of all layers; multiply-adds of one sample forward.
  static constexpr std::size_t parameter_count = (std::size_t{0} + ... + Placed::parameter_count());
  static constexpr std::size_t macs = (std::size_t{0} + ... + Placed::macs());
};

// The same network, computed layer by layer: nothing is fused. Results are the same bytes; for
// measurements, and to find out whether fusion is to blame.
template <class Net>
struct unfused_network : Net {};

template <class T>
inline constexpr bool is_network = false;
template <class Net>
inline constexpr bool is_network<unfused_network<Net>> = is_network<Net>;
template <class Input, class... Placed>
inline constexpr bool is_network<network<Input, Placed...>> = true;

template <class T>
concept Network = is_network<std::remove_cvref_t<T>>;

namespace detail {

// "layer 5 linear<120> expects a flat input, but layer 4 max_pool2d<2> gives 16x5x5: insert ..."
template <class Net, class LayerType>
constexpr sentence complaint() {
  constexpr layers::objection why = LayerType::objection(Net::output);
  if constexpr (why.none()) {
    return {};
  } else {
    sentence words = sentence("tesela: layer ") << Net::layer_count << " " << LayerType::name() << " "
                                        << why.expects;
    if constexpr (!why.argument) {
      words << ", but ";
      if constexpr (Net::layer_count == 0) {
        words << "the input";
      } else {
        words << "layer " << Net::layer_count - 1 << " "
              << meta::at<typename Net::placed_layers, Net::layer_count - 1>::layer::name();
      }
      words << " gives " << Net::output.name();
    }
    return words << ": " << why.remedy;
  }
}

template <class Input>
constexpr sentence input_complaint() {
  if constexpr (Input::rank != 1 && Input::rank != 3) {
    return sentence("tesela: input<...> expects one extent (features) or three (channels,height,width), "
                    "but gets ")
           << Input::rank << ": write input<3,32,32> or input<3072>";
  } else if constexpr (Input::size == 0) {
    return sentence("tesela: input<...> expects extents of at least 1, but gets ")
           << Input::name() << ": give every axis at least one element";
  } else {
    return {};
  }
}

template <class Input>
struct checked_input {
  static constexpr sentence complaint = input_complaint<Input>();
  using wrong = mistake_of<complaint>;
};

}  // namespace detail

// Whether a layer fits behind a network.
template <Network Net, Layer L>
constexpr bool can_follow(Net, L) {
  return L::objection(Net::output).none();
}

// The beginning of a network: input<3, 32, 32> are images, input<784> features.
template <std::size_t... Extents>
inline constexpr auto input = refuse<typename detail::checked_input<extents<Extents...>>::wrong>();
template <std::size_t... Extents>
  requires(detail::checked_input<extents<Extents...>>::complaint.empty())
inline constexpr auto input<Extents...> = network<extents<Extents...>>{};

template <class Input, class... Placed, Layer L>
constexpr auto operator|(network<Input, Placed...> net, L) {
  constexpr sentence complaint = detail::complaint<decltype(net), L>();
  if constexpr (complaint.empty()) {
    using output_type = std::remove_cvref_t<decltype(net.output)>;
    return network<Input, Placed..., placed<L, output_type>>{};
  } else {
    return refuse<mistake_of<complaint>>();
  }
}

template <Network Net>
constexpr unfused_network<Net> unfused(Net) {
  return {};
}

}  // namespace tesela
