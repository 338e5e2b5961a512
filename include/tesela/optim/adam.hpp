// SPDX-License-Identifier: MIT
// Adam (Kingma and Ba 2015) and its relatives, with PyTorch's defaults. t counts steps from 1.
//
//   g' = g + weight_decay * w
//   m = beta1 m + (1 - beta1) g'         v = beta2 v + (1 - beta2) g'^2
//   w = w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
//
//   amsgrad   (Reddi, Kale and Kumar 2018) the largest v so far in the place of v
//   adamw     (Loshchilov and Hutter 2019) g' = g, and w shrinks by itself, by
//             learning_rate * weight_decay * w
#pragma once

#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace tesela {

namespace detail {

// 1 / (1 - beta^t): the correction of a mean that began at zero. In double, since powers are close to
// 1 at first.
inline float mean_correction(float beta, std::uint64_t t) {
  return static_cast<float>(1 / (1 - std::pow(double{beta}, static_cast<double>(t))));
}

template <class Adam>
void validate_adam(const Adam& a) {
  require_positive(Adam::name, "learning_rate", a.learning_rate);
  require_below_one(Adam::name, "beta1", a.beta1);
  require_below_one(Adam::name, "beta2", a.beta2);
  require_positive(Adam::name, "epsilon", a.epsilon);
  require_not_negative(Adam::name, "weight_decay", a.weight_decay);
}

using adam_settings = std::array<std::pair<const char*, float>, 5>;
template <class Adam>
adam_settings settings_of_adam(const Adam& a) {
  return {{{"learning_rate", a.learning_rate},
           {"beta1", a.beta1},
           {"beta2", a.beta2},
           {"epsilon", a.epsilon},
           {"weight_decay", a.weight_decay}}};
}

}  // namespace detail

// w -= learning_rate * mean of g / (sqrt(mean of g^2) + epsilon), means weighted towards now
// (Kingma and Ba 2015).
struct adam {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;

  detail::named_elsewhere<"adam", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"adam", "betas", "beta1 = 0.9f, .beta2 = 0.999f"> betas{};
  detail::named_elsewhere<"adam", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "adam";
  static constexpr std::size_t slots = 2;

  detail::adam_settings settings() const { return detail::settings_of_adam(*this); }
  void validate() const { detail::validate_adam(*this); }

  auto rule(std::uint64_t step, auto g, auto w, auto m, auto v) const {
    const float correction1 = detail::mean_correction(beta1, step);
    const float correction2 = detail::mean_correction(beta2, step);
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto mean = once<"mean">(beta1 * m + (1 - beta1) * decayed);
    const auto square = once<"square">(beta2 * v + (1 - beta2) * (decayed * decayed));
    const auto change =
        (learning_rate * correction1) * mean / (sqrt(correction2 * square) + epsilon);
    return results(w - change, mean, square);
  }
};

// Adam with the largest mean of g^2 so far (Reddi, Kale and Kumar 2018).
struct amsgrad {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 0.0f;

  detail::named_elsewhere<"amsgrad", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"amsgrad", "betas", "beta1 = 0.9f, .beta2 = 0.999f"> betas{};
  detail::named_elsewhere<"amsgrad", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "amsgrad";
  static constexpr std::size_t slots = 3;

  detail::adam_settings settings() const { return detail::settings_of_adam(*this); }
  void validate() const { detail::validate_adam(*this); }

  auto rule(std::uint64_t step, auto g, auto w, auto m, auto v, auto v_max) const {
    const float correction1 = detail::mean_correction(beta1, step);
    const float correction2 = detail::mean_correction(beta2, step);
    const auto decayed = once<"decayed">(g + weight_decay * w);
    const auto mean = once<"mean">(beta1 * m + (1 - beta1) * decayed);
    const auto square = once<"square">(beta2 * v + (1 - beta2) * (decayed * decayed));
    const auto largest = once<"largest">(max(v_max, square));
    const auto change =
        (learning_rate * correction1) * mean / (sqrt(correction2 * largest) + epsilon);
    return results(w - change, mean, square, largest);
  }
};

// Adam whose weights decay apart from the gradient (Loshchilov and Hutter 2019).
struct adamw {
  float learning_rate = 1e-3f;
  float beta1 = 0.9f;
  float beta2 = 0.999f;
  float epsilon = 1e-8f;
  float weight_decay = 1e-2f;

  detail::named_elsewhere<"adamw", "lr", "learning_rate = 1e-3f"> lr{};
  detail::named_elsewhere<"adamw", "betas", "beta1 = 0.9f, .beta2 = 0.999f"> betas{};
  detail::named_elsewhere<"adamw", "eps", "epsilon = 1e-8f"> eps{};

  static constexpr const char* name = "adamw";
  static constexpr std::size_t slots = 2;

  detail::adam_settings settings() const { return detail::settings_of_adam(*this); }
  void validate() const { detail::validate_adam(*this); }

  auto rule(std::uint64_t step, auto g, auto w, auto m, auto v) const {
    const float correction1 = detail::mean_correction(beta1, step);
    const float correction2 = detail::mean_correction(beta2, step);
    const auto mean = once<"mean">(beta1 * m + (1 - beta1) * g);
    const auto square = once<"square">(beta2 * v + (1 - beta2) * (g * g));
    const auto change =
        (learning_rate * correction1) * mean / (sqrt(correction2 * square) + epsilon);
    return results(w - (learning_rate * weight_decay) * w - change, mean, square);
  }
};

}  // namespace tesela
