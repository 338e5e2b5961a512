// SPDX-License-Identifier: MIT
// Elementwise activations: each is a formula, and the compiler derives how to go back.
//
//   input<3072> | linear<120> | tanh | ...
//   inline constexpr auto mish = activation<"mish">([](auto x) { return x * tanh(softplus(x)); });
//
// An activation is a layer and a function of expressions at once: relu(x) is an expression too. The
// kernels evaluate value and gradient in registers, at the end of the product before it and of the
// gradient behind it.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/core/diagnostics.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/layer/layer.hpp"

#include <type_traits>

namespace tesela {

namespace layers {

// Function is stateless; its call makes the value of an expression.
template <text Name, class Function>
struct activation : layer {
  static constexpr layer_role kind = layer_role::activation;
  static constexpr sentence name() { return Name.view(); }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    return {};
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...> in) {
    return in;
  }

  template <expr::Operand X>
  constexpr auto operator()(const X& x) const {
    return Function{}(expr::as_expression(x));
  }

  using value = expr::literals<Function, 1>;

 private:
  using by_input = autodiff::gradient_of<value, expr::operand<0>, expr::operand<1>>;
  // With the value in the place of every formula that equals it.
  using by_value = expr::replace<by_input, value, expr::operand<2>>;

 public:
  // Whether the gradient can be computed from the value alone: then the input need not be kept.
  static constexpr bool from_value = !expr::contains<by_value, expr::operand<0>>;
  using gradient = std::conditional_t<
      from_value, expr::replace<by_value, expr::operand<2>, expr::operand<0>>, by_input>;
};

namespace formula {
struct identity {
  constexpr auto operator()(auto x) const { return x; }
};
struct relu {
  constexpr auto operator()(auto x) const { return expr::relu(x); }
};
struct tanh {
  constexpr auto operator()(auto x) const { return expr::tanh(x); }
};
struct sigmoid {
  constexpr auto operator()(auto x) const { return expr::sigmoid(x); }
};
struct softplus {
  constexpr auto operator()(auto x) const { return expr::softplus(x); }
};
}  // namespace formula

using identity = activation<"identity", formula::identity>;
using relu = activation<"relu", formula::relu>;

}  // namespace layers

// Your own: a name and a lambda without captures.
template <text Name, class Function>
constexpr auto activation(Function) {
  return layers::activation<Name, Function>{};
}

// What a product without an activation ends with.
inline constexpr layers::identity identity{};
inline constexpr layers::relu relu{};
inline constexpr layers::activation<"tanh", layers::formula::tanh> tanh{};
inline constexpr layers::activation<"sigmoid", layers::formula::sigmoid> sigmoid{};
inline constexpr layers::activation<"softplus", layers::formula::softplus> softplus{};

}  // namespace tesela
