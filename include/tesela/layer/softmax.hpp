// SPDX-License-Identifier: MIT
// Softmax and its logarithm as layers: probabilities out of any numbers, for every sample's features, or for
// the channels of every pixel of an image (PyTorch's dim=1).
//
//   linear<10> | softmax              for a program that shows probabilities
//   linear<10> | log_softmax          for nll
//
// cross_entropy takes the numbers before softmax, and a trainer refuses a network that gives it others.
#pragma once

#include "tesela/layer/layer.hpp"

#include <cstddef>

namespace tesela {

namespace layers {

template <bool Logarithm>
struct softmax_of : layer {
  static constexpr layer_role kind = layer_role::softmax;
  static constexpr bool logarithm = Logarithm;

  static constexpr sentence name() { return Logarithm ? "log_softmax" : "softmax"; }

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

// What softmax<1> would be in a network, where it is refused (network/network.hpp).
template <bool Logarithm>
struct softmax_along {};

}  // namespace layers

// Their names are functions of expressions, too (expr/shaped.hpp). So that `network | softmax` finds the layer,
// each has an overload that gives it, as a stream finds std::endl by its type.

// exp(x_c), divided by the sum over all features c, or over all channels of a pixel.
constexpr layers::softmax_of<false> softmax(layers::softmax_of<false> itself) { return itself; }
// The logarithm of softmax, where softmax itself would round to 0 as well.
constexpr layers::softmax_of<true> log_softmax(layers::softmax_of<true> itself) { return itself; }

// net | softmax().
namespace layers {
template <bool Logarithm, class... Given>
struct softmax_called {
  static constexpr sentence complaint =
      sentence("tesela: ") << softmax_of<Logarithm>::name()
                           << " is a value in a network and expects no parentheses: write net | "
                           << softmax_of<Logarithm>::name();
};
}  // namespace layers
template <class... Nothing>
  requires(sizeof...(Nothing) == 0)
constexpr auto softmax(const Nothing&...) {
  return sizeof(tell<mistake_in<layers::softmax_called<false, Nothing...>>>());
}
template <class... Nothing>
  requires(sizeof...(Nothing) == 0)
constexpr auto log_softmax(const Nothing&...) {
  return sizeof(tell<mistake_in<layers::softmax_called<true, Nothing...>>>());
}

// softmax(model.forward(...)).
namespace layers {
template <class Given>
concept NumbersInMemory = requires(const Given& numbers) {
  numbers.data();
  numbers.size();
};
template <bool Logarithm, class Given>
struct softmax_of_numbers {
  static constexpr sentence complaint =
      sentence("tesela: ") << softmax_of<Logarithm>::name()
                           << " expects a tensor or an expression, but gets bare numbers: end the "
                              "network with | "
                           << softmax_of<Logarithm>::name() << ", or write tensor<10> x(numbers)";
};
}  // namespace layers
template <layers::NumbersInMemory Given>
constexpr auto softmax(const Given&) {
  return sizeof(tell<mistake_in<layers::softmax_of_numbers<false, Given>>>());
}
template <layers::NumbersInMemory Given>
constexpr auto log_softmax(const Given&) {
  return sizeof(tell<mistake_in<layers::softmax_of_numbers<true, Given>>>());
}

template <std::size_t Axis, std::size_t... More>
constexpr layers::softmax_along<false> softmax(layers::softmax_along<false> itself) {
  return itself;
}
template <std::size_t Axis, std::size_t... More>
constexpr layers::softmax_along<true> log_softmax(layers::softmax_along<true> itself) {
  return itself;
}

// A reference, since a lambda would be converted to a pointer.
template <bool Logarithm>
using softmax_name = layers::softmax_of<Logarithm> (&)(layers::softmax_of<Logarithm>);
template <bool Logarithm>
using softmax_along_name = layers::softmax_along<Logarithm> (&)(layers::softmax_along<Logarithm>);

}  // namespace tesela
