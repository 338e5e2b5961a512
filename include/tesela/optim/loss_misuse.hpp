// SPDX-License-Identifier: MIT
// What can be wrong with the formula of a loss, asked before anything runs.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/optim/loss.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace tesela::detail {

// "loss mine expects its formula to end in a single number, ...". L names a formula, whatever it
// takes.
template <std::size_t Features, class L>
constexpr sentence formula_complaint() {
  using outputs = sample_outputs<Features>;
  using targets = sample_targets<Features>;
  sentence words = sentence("tesela: loss ") << L::name().view() << " expects its formula to ";
  if constexpr (requires { &L::formula; } || !requires(const L& one) {
                  one.formula(outputs{}, targets{});
                }) {
    return words
           << "take two expressions, outputs and targets of a sample: write [](auto y, auto t) { "
              "return mean(square(y - t)); }";
  } else {
    using result = decltype(std::declval<const L&>().formula(outputs{}, targets{}));
    if constexpr (std::is_void_v<result>) {
      return words << "return its value, but it returns nothing: write return mean(square(y - t))";
    } else if constexpr (expr::Condition<result>) {
      return words
             << "end in a single number, but it gives a condition: write mean(where(y > t, 1, 0))";
    } else if constexpr (!expr::Operand<result>) {
      return words << "end in a single number made of y and t, but it gives " << kind_of<result>()
                   << ": end it with mean(...) or sum(...)";
    } else {
      using value = expr::expression_of<result>;
      if constexpr (expr::shape_of<value>::rank != 0) {
        return words << "end in a single number, but it gives the shape "
                     << expr::shape_of<value>::name() << ": end it with mean(...) or sum(...)";
      } else if constexpr (!expr::contains<value, outputs>) {
        return words
               << "depend on the outputs, its first argument, but it does not, so nothing could be "
                  "learnt: write mean(square(y - t))";
      } else {
        return {};
      }
    }
  }
}

}  // namespace tesela::detail
