// SPDX-License-Identifier: MIT
// Losses as formulas of one sample's outputs y and targets t, each named as PyTorch names it.
//
// Over the batch every loss is averaged, or summed with `summed(...)`. Where PyTorch averages over all
// elements, `mean` runs over the features here and the batch's mean follows.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/optim/loss.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>

namespace tesela {

// Mean squared error: mean (y - t)^2, PyTorch's MSELoss.
inline constexpr auto mse = loss<"mse">([](auto y, auto t) { return mean(square(y - t)); });

// sum (y - t)^2 / 2, so that its mean over N samples is the 1 / (2N) sum (t - f)^2 of the textbooks.
inline constexpr auto half_squared_error = loss<"half_squared_error">(
    [](auto y, auto t) { return 0.5f * sum(square(y - t)); });

// mean |y - t|, PyTorch's L1Loss: a Laplace likelihood.
inline constexpr auto l1 = loss<"l1">([](auto y, auto t) { return mean(abs(y - t)); });

// sum |y - t|^q, Minkowski's: q = 1 and q = 2 are the two above without their factors.
struct minkowski {
  float q = 2.0f;

  static constexpr sentence name() { return "minkowski"; }
  constexpr auto formula(auto y, auto t) const { return sum(pow(abs(y - t), q)); }
  void validate(std::size_t) const {
    if (!(q > 0) || std::isinf(q)) {
      throw usage_error("minkowski: q must be a positive number, not " + std::to_string(q));
    }
  }
};

// d^2 / 2 where |d| < delta, otherwise delta (|d| - delta / 2), with d = y - t. Huber 1964.
struct huber {
  float delta = 1.0f;

  static constexpr sentence name() { return "huber"; }
  constexpr auto formula(auto y, auto t) const {
    const auto d = abs(y - t);
    return mean(where(d < delta, 0.5f * d * d, delta * (d - 0.5f * delta)));
  }
  void validate(std::size_t) const {
    if (!(delta > 0) || std::isinf(delta)) {
      throw usage_error("huber: delta must be a positive number, not " + std::to_string(delta));
    }
  }
};

// Huber's divided by beta: its slope is 1 far away. PyTorch's SmoothL1Loss.
struct smooth_l1 {
  float beta = 1.0f;

  static constexpr sentence name() { return "smooth_l1"; }
  constexpr auto formula(auto y, auto t) const {
    const auto d = abs(y - t);
    return mean(where(d < beta, 0.5f / beta * d * d, d - 0.5f * beta));
  }
  void validate(std::size_t) const {
    if (!(beta > 0) || std::isinf(beta)) {
      throw usage_error("smooth_l1: beta must be a positive number, not " + std::to_string(beta));
    }
  }
};

// Binary cross-entropy of probabilities y in [0, 1]: mean of -t log(y) - (1 - t) log(1 - y). As in
// PyTorch's BCELoss, logarithms count as -100 at least, so that a wrong certainty costs 100 and not
// infinity, and the derivative is (y - t) / max(y (1 - y), 1e-12): it says the way back even from there.
// Value and derivative are two formulas, hence the sum of a value without derivative and a derivative
// without value.
struct binary_cross_entropy_loss {
  static constexpr float threshold = 0.5f;
  static constexpr sentence name() { return "binary_cross_entropy"; }
  constexpr auto formula(auto y, auto t) const {
    const auto cut_log = [](auto p) { return max(log(p), -100.0f); };
    const auto value = -(t * cut_log(y) + (1 - t) * cut_log(1 - y));
    const auto slope = (y - t) / max(y * (1 - y), 1e-12f);
    return mean(stop_gradient(value) + stop_gradient(slope) * (y - stop_gradient(y)));
  }
};
// -(t log y + (1 - t) log(1 - y)) of probabilities y, the mean over batch and outputs.
inline constexpr binary_cross_entropy_loss binary_cross_entropy{};

// The same from logits, one or several labels a sample: mean of softplus(y) - t y. Never overflows.
// With several outputs it is the multi-label loss: independent yes or no for each.
inline constexpr auto binary_cross_entropy_with_logits =
    loss<"binary_cross_entropy_with_logits">(
        [](auto y, auto t) { return mean(expr::softplus(y) - t * y); });

// Cross-entropy as a formula; `cross_entropy` is the same, tuned by hand.
inline constexpr auto cross_entropy_formula = loss<"cross_entropy_formula">(
    [](auto y, auto t) { return -sum(t * log_softmax(y)); });

// Negative log-likelihood of log-probabilities, such as those of log_softmax.
inline constexpr auto nll = loss<"nll">([](auto y, auto t) { return -sum(t * y); });

// KL(t || exp(y)) of probabilities t and log-probabilities y: sum t (log t - y), 0 where t is 0.
// PyTorch's KLDivLoss with reduction "batchmean".
inline constexpr auto kl_divergence = loss<"kl_divergence">(
    [](auto y, auto t) { return sum(where(t > 0, t * (log(where(t > 0, t, 1.0f)) - y), 0.0f)); });

}  // namespace tesela
