// SPDX-License-Identifier: MIT
// How weights begin. An initialiser is a function of (random numbers, fans) that gives weight i;
// biases begin at zero, and the factors of `affine` at one.
//
// Weight i counts in PyTorch's order, so a seed means the same weights whatever the layout inside.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/kernel/random.hpp"

#include <cmath>
#include <cstddef>

namespace tesela::init {

// Inputs and outputs of one weight's neuron: channels times the window's pixels.
struct fans {
  std::size_t in = 1, out = 1;
};

namespace detail {
// init::he_normal().
template <class... Given>
struct initializer_called {
  static constexpr sentence complaint =
      "tesela: an initializer is a value and expects no parentheses: write model "
      "model{net, init::he_normal, seed{42}}";
};
template <class Random, class Fans, class Index>
struct initializer_called<Random, Fans, Index> {
  static constexpr sentence complaint{};
};
}  // namespace detail

// Normal with standard deviation sqrt(2 / fan_in): keeps the size of activations behind relu
// (He et al. 2015; PyTorch's kaiming_normal_).
struct he_normal_rule {
  float operator()(const random_stream& random, fans fan, std::size_t i) const {
    return random.normal(i) * std::sqrt(2.0f / static_cast<float>(fan.in));
  }
  template <class... Given>
    requires Wrong<detail::initializer_called<Given...>>
  auto operator()(const Given&...) const {
    return sizeof(tell<mistake_in<detail::initializer_called<Given...>>>());
  }
};
inline constexpr he_normal_rule he_normal{};

// All zero: the lectures' example of what cannot learn, since all neurons of a layer stay equal.
inline constexpr auto zeros = [](const random_stream&, fans, std::size_t) { return 0.0f; };

}  // namespace tesela::init
