// SPDX-License-Identifier: MIT
// A factor and a summand for every channel of an image, or every feature, both learnt: what PyTorch's
// normalisation layers do with `affine=True`, and all that a BatchNorm does in inference.
//
//   conv2d<64, 3, padding<1>> | affine | relu
//
// Behind a product it runs at the product's end. Its parameters are N.weight, at first 1, and N.bias, 0.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/layer/elementwise.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/tensor/arena.hpp"

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

// An activation and an affine map in one, for kernels: `Activation` of weight x + bias, or weight times the
// activation plus bias. Operand 3 is the weight and 4 the bias of a row's channel; 1 is the gradient.
template <class Activation, std::size_t Channels, bool First>
struct affine_program {
 private:
  using x = expr::operand<0>;
  using g = expr::operand<1>;
  using weight = expr::operand<3>;
  using bias = expr::operand<4>;
  template <class Of>
  using mapped = decltype(Of{} * weight{} + bias{});
  static constexpr auto value_of() {
    if constexpr (First) {
      return expr::replace<typename Activation::value, x, mapped<x>>{};
    } else {
      return mapped<typename Activation::value>{};
    }
  }

 public:
  static constexpr std::size_t channels = Channels;
  // From the first weight to the first bias.
  static constexpr std::size_t pitch = round_up(Channels, alignment_floats);

  using value = decltype(value_of());
  // Of the input, and what an element adds to those of weight and bias: all from the input.
  static constexpr bool from_value = false;
  using gradient = autodiff::gradient_of<value, x, g>;
  using weight_gradient = autodiff::gradient_of<value, weight, g>;
  using bias_gradient = autodiff::gradient_of<value, bias, g>;
};

template <class Program>
inline constexpr bool is_affine = requires { Program::pitch; };

}  // namespace layers

// weight[c] * x + bias[c] for every channel of an image or every feature, both learnt.
inline constexpr layers::affine affine{};

}  // namespace tesela
