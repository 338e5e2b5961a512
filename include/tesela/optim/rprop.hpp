// SPDX-License-Identifier: MIT
// Rprop (Riedmiller and Braun 1993; the form without backtracking), as in PyTorch: only the signs
// of gradients count, so it is for batches of the whole set.
//
//   h = h * eta_plus where g has the sign it had, h * eta_minus where it turned, within
//       [step_minimum, step_maximum];   h = learning_rate before the first step
//   w = w - h sign(g), but stays where the sign turned, and what is remembered there is 0
//
// The learning rate is the size of the first steps only: a schedule does not reach what follows.
#pragma once

#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

// Every weight has a step of its own, that grows while the gradient keeps its sign (Riedmiller and
// Braun 1993).
struct rprop {
  float learning_rate = 1e-2f;
  float eta_minus = 0.5f;
  float eta_plus = 1.2f;
  float step_minimum = 1e-6f;
  float step_maximum = 50.0f;

  detail::named_elsewhere<"rprop", "lr", "learning_rate = 1e-3f"> lr{};

  static constexpr const char* name = "rprop";
  static constexpr std::size_t slots = 2;  // the gradient before, the size of the next step

  using setting = std::pair<const char*, float>;
  std::array<setting, 5> settings() const {
    return {{{"learning_rate", learning_rate},
             {"eta_minus", eta_minus},
             {"eta_plus", eta_plus},
             {"step_minimum", step_minimum},
             {"step_maximum", step_maximum}}};
  }

  void validate() const {
    detail::require_positive(name, "learning_rate", learning_rate);
    detail::require(eta_minus > 0 && eta_minus < 1, name, "eta_minus", "above 0 and below 1",
                    eta_minus);
    detail::require(std::isfinite(eta_plus) && eta_plus > 1, name, "eta_plus", "a number above 1",
                    eta_plus);
    detail::require_positive(name, "step_minimum", step_minimum);
    detail::require(std::isfinite(step_maximum) && step_maximum >= step_minimum, name,
                    "step_maximum", "a number not below step_minimum", step_maximum);
  }

  std::array<float, slots> initial_state() const { return {0.0f, learning_rate}; }

  constexpr auto rule(std::uint64_t /*step*/, auto g, auto w, auto before, auto h) const {
    // Of the signs, since a product of small gradients is zero in float.
    const auto turn = sign(g) * sign(before);
    const auto factor = where(turn > 0.0f, eta_plus, where(turn < 0.0f, eta_minus, 1.0f));
    const auto size = clamp(h * factor, step_minimum, step_maximum);
    const auto kept = where(turn < 0.0f, 0.0f, g);
    return results(w - size * sign(kept), kept, size);
  }
};

}  // namespace tesela
