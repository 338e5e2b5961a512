// SPDX-License-Identifier: MIT
// Stochastic gradient descent with momentum and weight decay, as in PyTorch:
//
//   g' = g + weight_decay * w        v = momentum * v + g'        w = w - learning_rate * v
//
// The velocity v begins at zero, so the first step is plain descent.
#pragma once

#include "tesela/expr/functions.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

struct sgd {
  float learning_rate = 1e-2f;
  float momentum = 0.0f;
  float weight_decay = 0.0f;

  static constexpr const char* name = "sgd";
  static constexpr std::size_t slots = 1;

  using setting = std::pair<const char*, float>;
  std::array<setting, 3> settings() const {
    return {{{"learning_rate", learning_rate},
             {"momentum", momentum},
             {"weight_decay", weight_decay}}};
  }

  void validate() const {
    detail::require(std::isfinite(learning_rate) && learning_rate > 0, name, "learning_rate",
                    "a positive number", learning_rate);
    detail::require(momentum >= 0 && momentum < 1, name, "momentum", "at least 0 and below 1",
                    momentum);
    detail::require(std::isfinite(weight_decay) && weight_decay >= 0, name, "weight_decay",
                    "0 or a positive number", weight_decay);
  }

  constexpr auto rule(std::uint64_t /*step*/, auto g, auto w, auto v) const {
    const auto velocity = momentum * v + (g + weight_decay * w);
    return expr::results(w - learning_rate * velocity, velocity);
  }
};

}  // namespace tesela
