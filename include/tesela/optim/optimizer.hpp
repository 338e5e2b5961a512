// SPDX-License-Identifier: MIT
// What an optimiser is: a few settings, and its rule as expressions.
//
//   slots                     numbers it remembers of every parameter
//   validate()                throws usage_error that names a setting out of range
//   rule(step, g, w, s...)    expr::results(new w, new s...) of gradient, parameter and state;
//                             `step` counts from 1
//
// The rule runs over the flat arena in one pass, or over each share of a gradient as soon as it is
// known. Your own optimiser is a struct like these.
#pragma once

#include "tesela/core/error.hpp"

#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>

namespace tesela {

template <class T>
concept Optimizer = requires(const T optimizer) {
  { T::slots } -> std::convertible_to<std::size_t>;
  optimizer.validate();
};

namespace detail {

inline std::string number_text(float value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%g", static_cast<double>(value));
  return digits;
}

// "adam: learning_rate must be a positive number, not nan"
inline void require(bool fine, const char* optimizer, const char* setting, const char* expected,
                    float found) {
  if (!fine) {
    throw usage_error(std::string(optimizer) + ": " + setting + " must be " + expected + ", not " +
                      number_text(found));
  }
}

}  // namespace detail

}  // namespace tesela
