// SPDX-License-Identifier: MIT
// A network is a type: an input shape and layers, each placed behind the one before it.
//
//   inline constexpr auto mlp = input<3, 32, 32> | flatten | linear<120> | relu | linear<10>;
//
// Every shape behind the input is inferred as the layers are joined. A layer that does not fit ends
// the compilation with one sentence (core/diagnostics.hpp); `can_follow` asks without complaint.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/layer/softmax.hpp"
#include "tesela/shape/shape.hpp"

#include <cstddef>
#include <string_view>
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
    } else if constexpr (LayerType::kind == layer_role::affine) {
      return 2 * LayerType::channels(Input{});
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

namespace detail {

// net.add(layer), net |= layer.
template <class... Given>
struct grown_network {
  static constexpr sentence complaint =
      "tesela: a network is a constant and does not grow: write inline constexpr auto longer = net "
      "| "
      "linear<10>";
};
template <class... Given>
struct network_table {
  static constexpr sentence complaint =
      "tesela: the table of a network is a function: write summary(net)";
};

}  // namespace detail

// Layers and all shapes between them, as a type: what input<3, 32, 32> | conv2d<6, 5> | relu makes.
template <class Input, class... Placed>
struct network {
  using input_type = Input;
  using placed_layers = meta::list<Placed...>;

  static constexpr std::size_t layer_count = sizeof...(Placed);
  static constexpr Input input{};
  static constexpr auto output = typename meta::last<Input, typename Placed::output_type...>{};

  // What other libraries write does not compile and says what to write.
  template <class... Given>
  constexpr auto add(const Given&...) const {
    return sizeof(tell<mistake_in<detail::grown_network<Given...>>>());
  }
  template <class... More>
  constexpr network& operator=(const network<Input, Placed..., More...>&)
    requires(sizeof...(More) > 0)
  {
    (void)sizeof(tell<mistake_in<detail::grown_network<More...>>>());
    return *this;
  }
  template <class... Given>
  constexpr auto summary(const Given&...) const {
    return sizeof(tell<mistake_in<detail::network_table<Given...>>>());
  }

  // Weights and biases of all layers; multiply-adds of one sample forward.
  static constexpr std::size_t parameter_count = (std::size_t{0} + ... + Placed::parameter_count());
  static constexpr std::size_t macs = (std::size_t{0} + ... + Placed::macs());
};

// network{input<4>, linear<8>, relu}: a list, as other libraries have it.
namespace detail {
template <class... Layers>
struct listed_layers {
  static constexpr sentence complaint =
      "tesela: layers are joined by |, not listed: write inline constexpr auto net = input<784> | linear<64> "
      "| relu | linear<10>";
};
}  // namespace detail
template <class... Layers>
struct network<detail::listed_layers<Layers...>> : detail::refused {
  char told[sizeof(tell<mistake_in<detail::listed_layers<Layers...>>>())];
  template <class... Given>
  constexpr network(const Given&...) {}
};
template <class First, class Second, class... More>
network(const First&, const Second&, const More&...)
    -> network<detail::listed_layers<First, Second, More...>>;

// The same network, computed layer by layer: nothing is fused. Results are the same bytes; for
// measurements, and to find out whether fusion is to blame.
template <class Net>
struct unfused_network : Net {};

// Whether a type is a network, fused or not.
template <class T>
inline constexpr bool is_network = false;
template <class Net>
inline constexpr bool is_network<unfused_network<Net>> = is_network<Net>;
template <class Input, class... Placed>
inline constexpr bool is_network<network<Input, Placed...>> = true;
template <class... Layers>
inline constexpr bool is_network<network<detail::listed_layers<Layers...>>> = false;

// Any of these, const or not.
template <class T>
concept Network = is_network<std::remove_cvref_t<T>>;

// Stands in a network to look at it: `net | print_shape | ...` does not compile and says which shape
// arrives there.
struct print_shape_request {};
// net | print_shape does not compile, and says what net gives.
inline constexpr print_shape_request print_shape{};

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
    return words << ": begin with input<...> and join layers behind it with |";
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

// Whether a layer fits behind a network.
template <Network Net, Layer L>
constexpr bool can_follow(Net, L) {
  return L::objection(Net::output).none();
}
template <Network Net>
constexpr bool can_follow(Net net, softmax_name<false>) {
  return can_follow(net, layers::softmax_of<false>{});
}
template <Network Net>
constexpr bool can_follow(Net net, softmax_name<true>) {
  return can_follow(net, layers::softmax_of<true>{});
}

// The beginning of a network: input<3, 32, 32> are images (channels, height, width), input<784>
// features. The batch is no part of it.
template <auto... Extents>
inline constexpr auto input = detail::refused_input<Extents...>();
// input<3, 32, 32> are images (channels, height, width), input<784> features. The batch is no part
// of it.
template <auto... Extents>
  requires(detail::checked_input<Extents...>::complaint.empty())
inline constexpr auto input<Extents...> = network<extents<static_cast<std::size_t>(Extents)...>>{};

// Places a layer behind a network; what it receives and gives is inferred.
template <class Input, class... Placed, Layer L>
constexpr auto operator|(network<Input, Placed...> net, L) {
  constexpr sentence complaint = detail::complaint<decltype(net), L>();
  if constexpr (complaint.empty()) {
    using output_type = std::remove_cvref_t<decltype(net.output)>;
    return network<Input, Placed..., placed<L, output_type>>{};
  } else {
    return sizeof(tell<mistake_of<complaint>>());
  }
}

template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...> net, softmax_name<false>) {
  return net | layers::softmax_of<false>{};
}
template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...> net, softmax_name<true>) {
  return net | layers::softmax_of<true>{};
}

// softmax<1>.
template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...> net, softmax_along_name<false>) {
  return sizeof(tell<mistake_in<detail::softmax_with_axes<decltype(net), false>>>());
}
template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...> net, softmax_along_name<true>) {
  return sizeof(tell<mistake_in<detail::softmax_with_axes<decltype(net), true>>>());
}

// std::tanh: an overload of a name for numbers.
template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...> net, float (&)(float)) {
  return sizeof(tell<mistake_in<detail::not_a_layer<decltype(net), float(float)>>>());
}

// What is no network, and says so.
template <class Input, class... Placed>
constexpr auto operator|(network<Input, Placed...>, print_shape_request) {
  return sizeof(tell<mistake_in<detail::shape_request<network<Input, Placed...>>>>());
}
template <class Input, class... Placed, class Given>
  requires(!Layer<Given> && !std::is_same_v<Given, print_shape_request>)
constexpr auto operator|(network<Input, Placed...>, const Given&) {
  return sizeof(tell<mistake_in<detail::not_a_layer<network<Input, Placed...>, Given>>>());
}
template <class Given, class Input, class... Placed>
  requires(!Network<Given>)
constexpr auto operator|(const Given&, network<Input, Placed...>) {
  return sizeof(tell<mistake_in<detail::no_beginning<Given, network<Input, Placed...>>>>());
}
template <Network Net, class Given>
constexpr auto operator|=(const Net&, const Given&) {
  return sizeof(tell<mistake_in<detail::grown_network<Net, Given>>>());
}
template <Network Net, class Given>
constexpr auto operator||(Net, const Given&) {
  return sizeof(tell<mistake_in<detail::joined_with<Net, Given, '|', '|'>>>());
}
template <Network Net, class Given>
constexpr auto operator+(Net, const Given&) {
  return sizeof(tell<mistake_in<detail::joined_with<Net, Given, '+'>>>());
}
template <Network Net, class Given>
constexpr auto operator&(Net, const Given&) {
  return sizeof(tell<mistake_in<detail::joined_with<Net, Given, '&'>>>());
}
template <Network Net, class Given>
constexpr auto operator>>(Net, const Given&) {
  return sizeof(tell<mistake_in<detail::joined_with<Net, Given, '>', '>'>>>());
}
template <Network Net, class Given>
constexpr auto operator<<(Net, const Given&) {
  return sizeof(tell<mistake_in<detail::joined_with<Net, Given, '<', '<'>>>());
}

// A layer that follows no network. Here, since this is the namespace a layer's operators are looked
// for in.
namespace layers {
template <class Given, Layer L>
  requires(!Network<Given>)
constexpr auto operator|(const Given&, L) {
  return sizeof(tell<mistake_in<tesela::detail::no_beginning<Given, L>>>());
}
template <Layer L>
constexpr auto operator|(L one, softmax_name<false>) {
  return one | softmax_of<false>{};
}
template <Layer L>
constexpr auto operator|(L one, softmax_name<true>) {
  return one | softmax_of<true>{};
}
template <Layer L>
constexpr auto operator|(softmax_name<false>, L one) {
  return softmax_of<false>{} | one;
}
template <Layer L>
constexpr auto operator|(softmax_name<true>, L one) {
  return softmax_of<true>{} | one;
}
}  // namespace layers

template <Network Net>
constexpr unfused_network<Net> unfused(Net) {
  return {};
}

// Of anything else.
template <class... Given>
constexpr auto unfused(const Given&...) {
  return sizeof(tell<mistake_in<detail::of_a_network<"unfused", "unfused(net)", Given...>>>());
}
template <class... Given>
constexpr auto can_follow(const Given&...) {
  return sizeof(
      tell<mistake_in<detail::of_a_network<"can_follow", "can_follow(net, relu)", Given...>>>());
}

}  // namespace tesela
