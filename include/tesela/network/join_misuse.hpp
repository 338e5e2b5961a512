// SPDX-License-Identifier: MIT
// What can be wrong where a network begins and where layers are joined: checks (core/diagnostics.hpp) on types
// alone.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/network/network_type.hpp"
#include "tesela/shape/shape.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tesela {

namespace detail {

template <class Input, class... Placed>
inline constexpr std::string_view what_is<network<Input, Placed...>> = "a network";
template <Layer L>
inline constexpr std::string_view what_is<L> = "a layer";
template <std::size_t... Extents>
inline constexpr std::string_view what_is<extents<Extents...>> = "a shape";

// "layer 4 max_pool2d<2>" or "the input": what stands at the end of a network.
template <class Net>
constexpr sentence last_of() {
  if constexpr (Net::layer_count == 0) {
    return "the input";
  } else {
    using last = typename meta::at<typename Net::placed_layers, Net::layer_count - 1>::layer;
    return sentence("layer ") << Net::layer_count - 1 << " " << last::name();
  }
}

// What a layer of the user's own must have besides its base, asked before any of it is used.
template <class LayerType, class Input>
constexpr std::string_view missing_member() {
  if constexpr (!requires { sentence() << LayerType::name(); }) {
    return "name(), the words of its errors: write static constexpr sentence name() in it";
  } else if constexpr (!requires { layer_role{LayerType::kind}; }) {
    return "kind, what the network does with it: write static constexpr layer_role kind in it";
  } else if constexpr (!requires { layers::objection{LayerType::objection(Input{})}; }) {
    return "objection(extents), why it cannot follow a shape: return {} where it can";
  } else if constexpr (LayerType::objection(Input{}).none()) {
    if constexpr (!requires { LayerType::output(Input{}); }) {
      return "output(extents), the shape it gives: return extents<...>{}";
    } else if constexpr (LayerType::kind == layer_role::product &&
                         !requires { LayerType::geometry(Input{}); }) {
      return "geometry(extents), the convolution of a layer with weights";
    } else if constexpr (LayerType::kind == layer_role::pooling &&
                         !requires { LayerType::window(Input{}); }) {
      return "window(extents), how a pooling moves over its image";
    }
  }
  return {};
}

// "layer 5 linear<120> expects a flat input, but layer 4 max_pool2d<2> gives 16x5x5: insert ..."
template <class Net, class LayerType>
constexpr sentence complaint() {
  using input = std::remove_cvref_t<decltype(Net::output)>;
  if constexpr (constexpr std::string_view lacks = missing_member<LayerType, input>();
                !lacks.empty()) {
    sentence words = sentence("tesela: layer ") << Net::layer_count << " ";
    if constexpr (requires { words << LayerType::name(); }) {
      words << LayerType::name();
    } else {
      words << type_name<LayerType>();
    }
    return words << " lacks " << lacks << " (layer/layer.hpp)";
  } else if constexpr (constexpr layers::objection why = LayerType::objection(input{});
                       why.none()) {
    return {};
  } else {
    sentence words = sentence("tesela: layer ") << Net::layer_count << " " << LayerType::name()
                                                << " " << why.expects;
    if constexpr (!why.argument) {
      words << ", but " << last_of<Net>() << " gives " << Net::output.name();
    }
    return words << ": " << why.remedy;
  }
}

template <auto Extent>
inline constexpr bool whole =
    std::is_integral_v<decltype(Extent)> && !std::is_same_v<decltype(Extent), bool>;

template <auto... Extents>
constexpr sentence input_complaint() {
  if constexpr (!(whole<Extents> && ...)) {
    return "tesela: input<...> expects whole numbers, its extents: write input<3,32,32> or input<3072>";
  } else if constexpr (sizeof...(Extents) == 4) {
    return "tesela: input<...> expects one extent (features) or three (channels,height,width), but "
           "gets 4: leave the batch out, its size is given when training: write input<3,32,32>";
  } else if constexpr (sizeof...(Extents) != 1 && sizeof...(Extents) != 3) {
    return sentence("tesela: input<...> expects one extent (features) or three (channels,height,width), "
                    "but gets ")
           << sizeof...(Extents) << ": write input<3,32,32> or input<3072>";
  } else if constexpr (((Extents <= 0) || ...)) {
    sentence words = "tesela: input<...> expects extents of at least 1, but gets ";
    bool first = true;
    ((words << (first ? "" : "x") << Extents, first = false), ...);
    return words << ": give every axis at least one element";
  } else {
    return {};
  }
}

template <auto... Extents>
struct checked_input {
  static constexpr sentence complaint = input_complaint<Extents...>();
};
template <auto... Extents>
constexpr auto refused_input() {
  return sizeof(tell<mistake_in<checked_input<Extents...>>>());
}

// Something that is no layer, behind a network.
template <class Net, class Given>
struct not_a_layer {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: ";
    words << "behind " << last_of<Net>() << " a network expects a layer, but gets ";
    if constexpr (is_network<Given>) {
      return words << "another network: write input<...> once and all layers behind it";
    } else {
      return words << kind_of<Given>()
                   << ": write a layer such as relu or linear<10>, or derive yours from layers::layer";
    }
  }();
};

// Something that is no network, before a layer or a network.
template <class Given, class Next>
struct no_beginning {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: ";
    if constexpr (is_network<Next>) {
      words << "input<...> is where a network begins, but before it stands ";
    } else if constexpr (requires { words << Next::name(); }) {
      words << Next::name() << " follows a network, but before it stands ";
    } else {
      words << "a layer follows a network, but before it stands ";
    }
    if constexpr (Layer<Given>) {
      words << "the layer " << Given::name();
    } else {
      words << kind_of<Given>();
    }
    if constexpr (requires { typename Given::network_type; } && Layer<Next>) {
      return words << ": write model{net | " << Next::name() << "}";
    } else {
      return words << ": begin with input<...> and join layers behind it with |";
    }
  }();
};

template <class Net, class Given, char... Operator>
struct joined_with {
  static constexpr sentence complaint = [] {
    constexpr char written[] = {Operator..., '\0'};
    return sentence("tesela: layers are joined with |, but behind ")
           << last_of<Net>() << " stands " << written << ": write net | relu | linear<10>";
  }();
};

template <class Net, bool Logarithm>
struct softmax_with_axes {
  static constexpr sentence complaint = [] {
    constexpr const char* name = Logarithm ? "log_softmax" : "softmax";
    return sentence("tesela: layer ")
           << Net::layer_count << " " << name
           << " expects no axis, since in a network it always runs over the channels: write net | "
           << name;
  }();
};

// unfused(model), can_follow(relu, net).
template <text Call, text How, class... Given>
struct of_a_network {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Call.view() << " expects a network first, but gets "
                                        << kinds_of<Given...>() << ": write " << How.view();
};

template <class Net>
struct shape_request {
  static constexpr sentence complaint =
      sentence("tesela: print_shape: ")
      << last_of<Net>() << " gives " << Net::output.name() << ", "
      << std::remove_cvref_t<decltype(Net::output)>::size << " numbers a sample";
};

}  // namespace detail

}  // namespace tesela
