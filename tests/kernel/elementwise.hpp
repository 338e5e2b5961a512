// SPDX-License-Identifier: MIT
// Test only: the expressions that evaluate_test.cpp runs on every target, each as one function.
#pragma once

#include "tesela/expr/functions.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"

#include <cstddef>
#include <tuple>

namespace tesela::test {

// How many inputs an expression reads, and the expression, expr::results of one or more.
template <std::size_t Inputs, class Results>
struct elementwise {
  static constexpr std::size_t inputs = Inputs, outputs = Results::size;
  Results results;
};
template <std::size_t Inputs, class Results>
constexpr elementwise<Inputs, Results> reading(Results results) {
  return {results};
}

inline constexpr std::size_t expression_count = 4;

// Number `Index` of the table.
template <std::size_t Index>
auto expression_number() {
  constexpr expr::operand<0> a;
  constexpr expr::operand<1> b;
  constexpr expr::operand<2> c;
  constexpr expr::operand<3> d;
  if constexpr (Index == 0) {
    return reading<1>(expr::results(relu(a)));
  } else if constexpr (Index == 1) {
    // Every node there is; two results, of which either input may be the place.
    return reading<3>(expr::results(sqrt(max(a * a, 0.25f)) / (2.0f + b * b) - (-c),
                                    where(b > a, c + 1.0f, max(b, c))));
  } else if constexpr (Index == 2) {
    return reading<3>(sgd{.learning_rate = 0.25f, .momentum = 0.5f, .weight_decay = 0.125f}.rule(
        1, a, b, c));
  } else {
    return reading<4>(adam{.weight_decay = 0.01f}.rule(7, a, b, c, d));
  }
}

}  // namespace tesela::test
