// SPDX-License-Identifier: MIT
// The fully connected layer: y = W x + b, W of Outputs x inputs.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

namespace layers {

template <std::size_t Outputs>
struct linear : layer {
  static constexpr layer_role kind = layer_role::product;

  static constexpr sentence name() { return sentence("linear<") << Outputs << ">"; }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    if constexpr (Outputs == 0) {
      return {"needs at least one output", "write linear<1> or more", true};
    } else if constexpr (sizeof...(E) != 1) {
      return {"expects a flat input", "insert flatten before it"};
    } else {
      return {};
    }
  }

  template <std::size_t Inputs>
  static constexpr auto output(extents<Inputs>) {
    return extents<Outputs>{};
  }

  template <std::size_t Inputs>
  static constexpr convolution geometry(extents<Inputs>) {
    return {.in = {Inputs, 1, 1}, .out = {Outputs, 1, 1}};
  }
};

// linear<...> of anything but one whole number from 0 on: it fits nowhere.
template <auto... Given>
struct linear_of : layer {
  template <class T>
  static constexpr bool is_whole = std::is_integral_v<T> && !std::is_same_v<T, bool>;

  static constexpr layer_role kind = layer_role::product;

  static constexpr sentence name() {
    if constexpr ((is_whole<decltype(Given)> && ...)) {
      sentence words = "linear<";
      bool first = true;
      ((words << (first ? "" : ",") << Given, first = false), ...);
      return words << ">";
    } else {
      return "linear<...>";
    }
  }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    if constexpr (sizeof...(Given) == 1 && (is_whole<decltype(Given)> && ...)) {
      return {"needs at least one output", "write linear<1> or more", true};
    } else {
      return {"takes one whole number, its outputs",
              "write linear<10>, the number of inputs is inferred", true};
    }
  }
};

namespace detail {

template <auto Outputs, auto... Wrong>
constexpr auto make_linear() {
  if constexpr (sizeof...(Wrong) == 0 && std::is_integral_v<decltype(Outputs)> &&
                !std::is_same_v<decltype(Outputs), bool>) {
    if constexpr (Outputs >= 0) {
      return linear<static_cast<std::size_t>(Outputs)>{};
    } else {
      return linear_of<Outputs>{};
    }
  } else {
    return linear_of<Outputs, Wrong...>{};
  }
}

}  // namespace detail

}  // namespace layers

// The fully connected layer with bias: linear<10> gives 10 numbers, of as many as it receives.
template <auto Outputs, auto... Wrong>
inline constexpr auto linear = layers::detail::make_linear<Outputs, Wrong...>();

}  // namespace tesela
