// SPDX-License-Identifier: MIT
// How weights begin. An initialiser is a function of (random numbers, fans) that gives weight i;
// biases begin at zero.
//
// Weight i counts in PyTorch's order, so a seed means the same weights whatever the layout inside.
#pragma once

#include "tesela/kernel/random.hpp"

#include <cmath>
#include <cstddef>

namespace tesela::init {

// Inputs and outputs of one weight's neuron: channels times the window's pixels.
struct fans {
  std::size_t in = 1, out = 1;
};

// Normal with standard deviation sqrt(2 / fan_in): keeps the size of activations behind relu
// (He et al. 2015; PyTorch's kaiming_normal_).
inline constexpr auto he_normal = [](const random_stream& random, fans fan, std::size_t i) {
  return random.normal(i) * std::sqrt(2.0f / static_cast<float>(fan.in));
};

// All zero: the lectures' example of what cannot learn, since all neurons of a layer stay equal.
inline constexpr auto zeros = [](const random_stream&, fans, std::size_t) { return 0.0f; };

}  // namespace tesela::init
