// SPDX-License-Identifier: MIT
// Adagrad (Duchi, Hazan and Singer 2011), with PyTorch's defaults: a rate for every parameter,
// which falls with the gradients it has seen. t counts steps from 1.
//
//   g' = g + weight_decay * w        s = s + g'^2        s = initial_accumulator_value before
//   w = w - learning_rate / (1 + (t - 1) learning_rate_decay) * g' / (sqrt(s) + epsilon)
#pragma once

#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

// w -= learning_rate * g / (sqrt(sum of all g^2 so far) + epsilon) (Duchi, Hazan and Singer 2011).
struct adagrad {
  float learning_rate = 1e-2f;
  float learning_rate_decay = 0.0f;
  float weight_decay = 0.0f;
  float initial_accumulator_value = 0.0f;
  float epsilon = 1e-10f;

  detail::named_elsewhere<"adagrad", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"adagrad", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "adagrad";
  static constexpr std::size_t slots = 1;

  using setting = std::pair<const char*, float>;
  std::array<setting, 5> settings() const {
    return {{{"learning_rate", learning_rate},
             {"learning_rate_decay", learning_rate_decay},
             {"weight_decay", weight_decay},
             {"initial_accumulator_value", initial_accumulator_value},
             {"epsilon", epsilon}}};
  }

  void validate() const {
    detail::require_positive(name, "learning_rate", learning_rate);
    detail::require_not_negative(name, "learning_rate_decay", learning_rate_decay);
    detail::require_not_negative(name, "weight_decay", weight_decay);
    detail::require_not_negative(name, "initial_accumulator_value", initial_accumulator_value);
    detail::require_positive(name, "epsilon", epsilon);
  }

  std::array<float, slots> initial_state() const { return {initial_accumulator_value}; }

  constexpr auto rule(std::uint64_t step, auto g, auto w, auto s) const {
    const double slower = 1 + static_cast<double>(step - 1) * double{learning_rate_decay};
    const auto rate = static_cast<float>(double{learning_rate} / slower);
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto sum = once<"sum">(s + decayed * decayed);
    return results(w - rate * decayed / (sqrt(sum) + epsilon), sum);
  }
};

}  // namespace tesela
