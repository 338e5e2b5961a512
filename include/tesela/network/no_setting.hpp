// SPDX-License-Identifier: MIT
// A model and its weights are no setting of an optimizer, to which PyTorch gives them:
// adam{model.parameters(), 1e-3f}.
#pragma once

#include "tesela/core/diagnostics.hpp"

#include <concepts>
#include <span>

namespace tesela::detail {

template <class>
struct weights_as_setting {
  static constexpr sentence complaint =
      "tesela: a model and its weights are no single number; if an optimizer is to have them, the trainer "
      "gives them to it: write trainer{model, cross_entropy, adam{.learning_rate = 1e-3f}}";
};

// Base of what is taken for a setting. To a float alone, since fmt asks of what it prints whether it is
// convertible to an int.
struct no_setting {
  template <std::same_as<float> Number>
  operator Number() const {
    return sizeof(tell<mistake_in<weights_as_setting<Number>>>());
  }
};

// All parameters of a model.
template <class Number>
struct parameter_span : std::span<Number>, no_setting {
  parameter_span(std::span<Number> all) : std::span<Number>(all) {}
  // For the library's own calls: a conversion asks whether this is a range, in 300 instantiations.
  std::span<Number> plain() const { return {this->data(), this->size()}; }
};

}  // namespace tesela::detail
