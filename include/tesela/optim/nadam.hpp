// SPDX-License-Identifier: MIT
// Nadam: Adam with Nesterov's momentum (Dozat 2016), as in PyTorch.
//
//   mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2)        M_t = mu_1 mu_2 ... mu_t
//   m = beta1 m + (1 - beta1) g'                          v = beta2 v + (1 - beta2) g'^2
//   n = (1 - mu_t) / (1 - M_t) g' + mu_(t+1) / (1 - M_(t+1)) m
//   w = w - learning_rate n / (sqrt(v / (1 - beta2^t)) + epsilon)
//
// with g' = g + weight_decay w; or decoupled, g' = g and w shrinks by learning_rate weight_decay w.
#pragma once

#include "tesela/optim/adam.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

// Adam with Nesterov's momentum (Dozat 2016).
struct nadam {
  float learning_rate = 2e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;
  float momentum_decay = 4e-3f;
  bool decoupled = false;

  detail::named_elsewhere<"nadam", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"nadam", "betas", "beta1 = 0.9f, .beta2 = 0.999f"> betas{};
  detail::named_elsewhere<"nadam", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "nadam";
  static constexpr std::size_t slots = 2;

  using setting = std::pair<const char*, float>;
  std::array<setting, 7> settings() const {
    return {{{"learning_rate", learning_rate},
             {"beta1", beta1},
             {"beta2", beta2},
             {"epsilon", epsilon},
             {"weight_decay", weight_decay},
             {"momentum_decay", momentum_decay},
             {"decoupled", decoupled ? 1.0f : 0.0f}}};
  }

  void validate() const {
    detail::validate_adam(*this);
    detail::require_not_negative(name, "momentum_decay", momentum_decay);
  }

  // mu_t
  double momentum_at(std::uint64_t t) const {
    return double{beta1} *
           (1 - 0.5 * std::pow(0.96, static_cast<double>(t) * double{momentum_decay}));
  }
  // M_t, of the step alone, so that a resumed run has its bits. Below 2^-60 it no longer changes
  // 1 - M_t, and there the product ends: behind 400 factors with beta1 = 0.9.
  double momentum_product(std::uint64_t t) const {
    const double q = std::pow(0.96, double{momentum_decay});
    double product = 1, power = 1;
    for (std::uint64_t i = 1; i <= t && product > 0x1p-60; ++i) {
      power *= q;
      product *= double{beta1} * (1 - 0.5 * power);
    }
    return product;
  }

  auto rule(std::uint64_t step, auto g, auto w, auto m, auto v) const {
    const double product = momentum_product(step), now = momentum_at(step),
                 next = momentum_at(step + 1), rate = double{learning_rate};
    const auto of_gradient = static_cast<float>(rate * (1 - now) / (1 - product));
    const auto of_mean = static_cast<float>(rate * next / (1 - product * next));
    const float correction2 = detail::mean_correction(beta2, step);
    const float coupled_decay = decoupled ? 0.0f : weight_decay;
    const float decoupled_decay = decoupled ? learning_rate * weight_decay : 0.0f;
    const auto decayed = once<"decayed">(g + coupled_decay * w);
    const auto mean = once<"mean">(beta1 * m + (1 - beta1) * decayed);
    const auto square = once<"square">(beta2 * v + (1 - beta2) * (decayed * decayed));
    const auto change =
        (of_gradient * decayed + of_mean * mean) / (sqrt(correction2 * square) + epsilon);
    return results(w - decoupled_decay * w - change, mean, square);
  }
};

}  // namespace tesela
