// SPDX-License-Identifier: MIT
// Elementwise activations. Each is its formula and its derivative, as expressions that the kernels
// evaluate in registers, at the end of the product before it and of the gradient behind it.
#pragma once

#include "tesela/expr/expression.hpp"
#include "tesela/layer/layer.hpp"

namespace tesela {

namespace layers {

struct activation : layer {
  static constexpr layer_role kind = layer_role::activation;

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    return {};
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...> in) {
    return in;
  }
};

// relu(x) = max(x, 0). Its derivative at 0 is 0, as in PyTorch; y > 0 exactly where x > 0.
struct relu : activation {
  static constexpr sentence name() { return "relu"; }
  static constexpr auto forward(auto x) { return max(x, 0.0f); }
  static constexpr auto backward(auto y, auto g) { return where_positive(y, g, 0.0f); }
};

// identity(x) = x: what a product without an activation ends with.
struct identity : activation {
  static constexpr sentence name() { return "identity"; }
  static constexpr auto forward(auto x) { return x; }
  static constexpr auto backward(auto, auto g) { return g; }
};

}  // namespace layers

inline constexpr layers::relu relu{};
inline constexpr layers::identity identity{};

}  // namespace tesela
