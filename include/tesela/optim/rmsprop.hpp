// SPDX-License-Identifier: MIT
// RMSProp (Hinton 2012), with PyTorch's defaults: the gradient divided by its recent size.
//
//   g' = g + weight_decay * w        s = alpha s + (1 - alpha) g'^2
//   b = momentum b + g' / (sqrt(s) + epsilon)        w = w - learning_rate b
//
//   centered_rmsprop   (Graves 2013) sqrt(s - a^2) in the place of sqrt(s), where
//                      a = alpha a + (1 - alpha) g': a deviation instead of a size
#pragma once

#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

namespace detail {

using rmsprop_settings = std::array<std::pair<const char*, float>, 5>;
template <class Rule>
rmsprop_settings settings_of_rmsprop(const Rule& r) {
  return {{{"learning_rate", r.learning_rate},
           {"alpha", r.alpha},
           {"epsilon", r.epsilon},
           {"momentum", r.momentum},
           {"weight_decay", r.weight_decay}}};
}
template <class Rule>
void validate_rmsprop(const Rule& r) {
  require_positive(Rule::name, "learning_rate", r.learning_rate);
  require_below_one(Rule::name, "alpha", r.alpha);
  require_positive(Rule::name, "epsilon", r.epsilon);
  require_below_one(Rule::name, "momentum", r.momentum);
  require_not_negative(Rule::name, "weight_decay", r.weight_decay);
}

}  // namespace detail

// w -= learning_rate * g / (sqrt(mean of g^2, weighted towards now) + epsilon), with momentum if
// wanted (Hinton 2012).
struct rmsprop {
  float learning_rate = 1e-2f;
  float alpha = 0.99f;
  float epsilon = 1e-8f;
  float momentum = 0.0f;
  float weight_decay = 0.0f;

  detail::named_elsewhere<"rmsprop", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"rmsprop", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "rmsprop";
  static constexpr std::size_t slots = 2;

  detail::rmsprop_settings settings() const { return detail::settings_of_rmsprop(*this); }
  void validate() const { detail::validate_rmsprop(*this); }

  constexpr auto rule(std::uint64_t /*step*/, auto g, auto w, auto s, auto b) const {
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto square = once<"square">(alpha * s + (1 - alpha) * (decayed * decayed));
    const auto change = once<"change">(momentum * b + decayed / (sqrt(square) + epsilon));
    return results(w - learning_rate * change, square, change);
  }
};

// RMSProp with the gradients' variance in the place of their square (Graves 2013).
struct centered_rmsprop {
  float learning_rate = 1e-2f;
  float alpha = 0.99f;
  float epsilon = 1e-8f;
  float momentum = 0.0f;
  float weight_decay = 0.0f;

  detail::named_elsewhere<"centered_rmsprop", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"centered_rmsprop", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "centered_rmsprop";
  static constexpr std::size_t slots = 3;

  detail::rmsprop_settings settings() const { return detail::settings_of_rmsprop(*this); }
  void validate() const { detail::validate_rmsprop(*this); }

  constexpr auto rule(std::uint64_t /*step*/, auto g, auto w, auto s, auto a, auto b) const {
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto square = once<"square">(alpha * s + (1 - alpha) * (decayed * decayed));
    const auto mean = once<"mean">(alpha * a + (1 - alpha) * decayed);
    // A variance; rounding may make it negative, whose root PyTorch returns as NaN.
    const auto deviation = sqrt(max(square - mean * mean, 0.0f));
    const auto change = once<"change">(momentum * b + decayed / (deviation + epsilon));
    return results(w - learning_rate * change, square, mean, change);
  }
};

}  // namespace tesela
