// SPDX-License-Identifier: MIT
// A factor and a summand for every channel of an image, or every feature, both learnt: what PyTorch's
// normalisation layers do with `affine=True`, and all that a BatchNorm does in inference.
//
//   conv2d<64, 3, padding<1>> | affine | relu
//
// Behind a product it runs at the product's end. Its parameters are N.weight, at first 1, and N.bias, 0.
#pragma once

#include "tesela/layer/layer.hpp"

#include <cstddef>

namespace tesela {

namespace layers {

struct affine : layer {
  static constexpr layer_role kind = layer_role::affine;

  static constexpr sentence name() { return "affine"; }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    return {};
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...> in) {
    return in;
  }
  template <std::size_t First, std::size_t... More>
  static constexpr std::size_t channels(extents<First, More...>) {
    return First;
  }
};

}  // namespace layers

// weight[c] * x + bias[c] for every channel of an image or every feature, both learnt.
inline constexpr layers::affine affine{};

}  // namespace tesela
