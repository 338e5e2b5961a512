// SPDX-License-Identifier: MIT
// Stochastic gradient descent with momentum (Polyak 1964; Nesterov 1983; Sutskever et al. 2013), as
// in PyTorch:
//
//   g' = g + weight_decay * w
//   v = momentum * v + (1 - dampening) * g'          v = g' in the first step
//   w = w - learning_rate * v                        nesterov: learning_rate * (g' + momentum * v)
//
// Over the whole set at once (fit_options.batch = the set's size) this is gradient descent, with
// batches of one the descent of single examples. Its weight_decay covers biases too, as PyTorch's
// does; penalties (penalty.hpp) let you choose.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

// w -= learning_rate * g, with momentum, Nesterov's or not, and weight decay if wanted: PyTorch's
// SGD.
struct sgd {
  float learning_rate = 1e-2f;
  float momentum = 0.0f;
  float weight_decay = 0.0f;
  float dampening = 0.0f;
  bool nesterov = false;

  detail::named_elsewhere<"sgd", "lr", "learning_rate = 1e-3f"> lr{};

  static constexpr const char* name = "sgd";
  static constexpr std::size_t slots = 1;

  using setting = std::pair<const char*, float>;
  std::array<setting, 5> settings() const {
    return {{{"learning_rate", learning_rate},
             {"momentum", momentum},
             {"weight_decay", weight_decay},
             {"dampening", dampening},
             {"nesterov", nesterov ? 1.0f : 0.0f}}};
  }

  void validate() const {
    detail::require_positive(name, "learning_rate", learning_rate);
    detail::require_below_one(name, "momentum", momentum);
    detail::require_not_negative(name, "weight_decay", weight_decay);
    detail::require_below_one(name, "dampening", dampening);
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw usage_error("sgd: nesterov needs a momentum above 0 and dampening 0");
    }
  }

  // Without momentum there is no velocity to keep.
  constexpr bool remembers() const { return momentum != 0; }

  constexpr auto rule(std::uint64_t step, auto g, auto w, auto v) const {
    // Without momentum PyTorch keeps no velocity, so that dampening has nothing to act on.
    const float share = step == 1 || momentum == 0 ? 1.0f : 1 - dampening;
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto velocity = once<"velocity">(momentum * v + share * decayed);
    // Both forms in one: share of the gradient, share of the velocity.
    const float ahead = nesterov ? 1.0f : 0.0f, along = nesterov ? momentum : 1.0f;
    return results(w - learning_rate * (ahead * decayed + along * velocity), velocity);
  }
};

}  // namespace tesela
