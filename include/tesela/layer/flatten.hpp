// SPDX-License-Identifier: MIT
// From an image to a vector, channels first, as in PyTorch. It moves no data: inside, features stay
// in the kernels' order, and weights behind it are permuted where they enter and leave the library.
#pragma once

#include "tesela/layer/layer.hpp"

namespace tesela {

namespace layers {

struct flatten : layer {
  static constexpr layer_role kind = layer_role::reshape;

  static constexpr sentence name() { return "flatten"; }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    return {};
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...>) {
    return extents<extents<E...>::size>{};
  }
};

}  // namespace layers

// An image as features: channels, then rows, then columns, as in PyTorch. No copy is made.
inline constexpr layers::flatten flatten{};

}  // namespace tesela
