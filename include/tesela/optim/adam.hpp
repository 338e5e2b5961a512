// SPDX-License-Identifier: MIT
// Adam (Kingma and Ba 2015), with PyTorch's defaults and its L2 weight decay:
//
//   g' = g + weight_decay * w
//   m = beta1 m + (1 - beta1) g'         v = beta2 v + (1 - beta2) g'^2
//   w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
#pragma once

#include "tesela/expr/functions.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

struct adam {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;

  static constexpr const char* name = "adam";
  static constexpr std::size_t slots = 2;

  using setting = std::pair<const char*, float>;
  std::array<setting, 5> settings() const {
    return {{{"learning_rate", learning_rate}, {"beta1", beta1}, {"beta2", beta2},
             {"epsilon", epsilon}, {"weight_decay", weight_decay}}};
  }

  void validate() const {
    detail::require(std::isfinite(learning_rate) && learning_rate > 0, name, "learning_rate",
                    "a positive number", learning_rate);
    detail::require(beta1 >= 0 && beta1 < 1, name, "beta1", "at least 0 and below 1", beta1);
    detail::require(beta2 >= 0 && beta2 < 1, name, "beta2", "at least 0 and below 1", beta2);
    detail::require(std::isfinite(epsilon) && epsilon > 0, name, "epsilon", "a positive number",
                    epsilon);
    detail::require(std::isfinite(weight_decay) && weight_decay >= 0, name, "weight_decay",
                    "0 or a positive number", weight_decay);
  }

  auto rule(std::uint64_t step, auto g, auto w, auto m, auto v) const {
    // The corrections are powers close to 1 at first: in double.
    const double t = static_cast<double>(step);
    const auto correction1 = static_cast<float>(1 / (1 - std::pow(double{beta1}, t)));
    const auto correction2 = static_cast<float>(1 / (1 - std::pow(double{beta2}, t)));
    const auto decayed = g + weight_decay * w;
    const auto mean = beta1 * m + (1 - beta1) * decayed;
    const auto square = beta2 * v + (1 - beta2) * (decayed * decayed);
    const auto change = (learning_rate * correction1) * mean / (sqrt(correction2 * square) + epsilon);
    return expr::results(w - change, mean, square);
  }
};

}  // namespace tesela
