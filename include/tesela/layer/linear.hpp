// SPDX-License-Identifier: MIT
// The fully connected layer: y = W x + b, W of Outputs x inputs.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"

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

}  // namespace layers

template <std::size_t Outputs>
inline constexpr layers::linear<Outputs> linear{};

}  // namespace tesela
