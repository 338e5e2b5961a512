// SPDX-License-Identifier: MIT
// Whether a gradient is right: the derived program, in float, beside central differences, in double.
//
//   const auto report = check_gradient(loss, w, b);      // throws nothing; report.passed(), report.worst
//   assert(check_gradient(loss, w, b));
#pragma once

#include "tesela/autodiff/gradient.hpp"
#include "tesela/autodiff/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace tesela {

struct gradient_report {
  // Of the largest error beside the largest derivative of its variable.
  double worst = 0;
  std::string variable;     // whose it is,
  std::size_t element = 0;  // and where, row-major
  double found = 0, expected = 0;

  // 1e-4: float rounding in the gradient; the differences themselves are good to about 1e-8.
  bool passed(double tolerance = 1e-4) const { return worst <= tolerance; }
  explicit operator bool() const { return passed(); }
};

namespace detail {

template <class Loss, class Variable>
void check_variable(gradient_report& report, const Loss& loss, const Variable& by) {
  using lifted = typename expr::detail::lifted<Loss, 0>::type;
  using leaf = typename variable_leaf<Variable>::type;
  constexpr std::size_t count = expr::detail::scalar_count<Loss>;
  bindings<count> bound;
  bound.begin(0, false);
  expr::detail::collect(loss, bound);
  std::vector<double> moved(by.data(), by.data() + Variable::size);
  const auto elements = [&]<class Node>(Node node) {
    if constexpr (std::is_same_v<Node, leaf>) {
      return moved;
    } else {
      const float* from = bound(node);
      return std::vector<double>(from, from + expr::shape_of<Node>::size);
    }
  };
  const auto number = [&](std::size_t k) { return static_cast<double>(bound.numbers()[k]); };
  const auto value = [&] {
    return reference::evaluate_tensors<double>(lifted{}, elements, number)[0];
  };
  typename tensor_for<typename Variable::shape_type>::type found = gradient(loss, by);
  std::vector<double> expected(Variable::size);
  double largest = 0;
  for (std::size_t i = 0; i < Variable::size; ++i) {
    const double at = moved[i], step = 1e-5 * (1 + std::abs(at));
    moved[i] = at + step;
    const double up = value();
    moved[i] = at - step;
    expected[i] = (up - value()) / (2 * step);
    moved[i] = at;
    largest = std::max(largest, std::abs(expected[i]));
  }
  for (std::size_t i = 0; i < Variable::size; ++i) {
    const double error =
        std::abs(static_cast<double>(found[i]) - expected[i]) / std::max(largest, 1e-30);
    if (!(error <= report.worst)) {
      report = {error, std::string(variable_leaf<Variable>::name().view()), i,
                static_cast<double>(found[i]), expected[i]};
    }
  }
}

}  // namespace detail

// Costs two evaluations in double for every element of every variable.
template <expr::Numeric Loss, class... Variable>
gradient_report check_gradient(const Loss& loss, const Variable&... by) {
  constexpr sentence complaint = detail::gradient_complaints<typename expr::detail::lifted<Loss, 0>::type,
                                                             Variable...>("check_gradient");
  gradient_report report;
  if constexpr (!complaint.empty()) {
    (void)sizeof(tell<mistake_of<complaint>>());
  } else {
    (detail::check_variable(report, loss, by), ...);
  }
  return report;
}

}  // namespace tesela
