// SPDX-License-Identifier: MIT
// A network is a type: an input shape and layers, each placed behind the one before it.
//
//   inline constexpr auto mlp = input<3, 32, 32> | flatten | linear<120> | relu | linear<10>;
//
// Every shape behind the input is inferred as the layers are joined. A layer that does not fit ends
// the compilation with one sentence (core/diagnostics.hpp); `can_follow` asks without complaint.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/layer/softmax.hpp"
#include "tesela/network/join_misuse.hpp"
#include "tesela/network/network_type.hpp"
#include "tesela/shape/shape.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

// Stands in a network to look at it: `net | print_shape | ...` does not compile and says which shape
// arrives there.
struct print_shape_request {};
// net | print_shape does not compile, and says what net gives.
inline constexpr print_shape_request print_shape{};

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
// model | softmax, whose name is a function's.
template <class Model>
  requires requires { typename Model::network_type; }
constexpr auto operator|(const Model&, softmax_name<false>) {
  return sizeof(tell<mistake_in<detail::no_beginning<Model, layers::softmax_of<false>>>>());
}
template <class Model>
  requires requires { typename Model::network_type; }
constexpr auto operator|(const Model&, softmax_name<true>) {
  return sizeof(tell<mistake_in<detail::no_beginning<Model, layers::softmax_of<true>>>>());
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
