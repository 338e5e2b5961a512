// SPDX-License-Identifier: MIT
// The negative log-likelihood of targets around the outputs y, normally distributed with covariance S:
//
//   (y - t)^T S^-1 (y - t) / 2  +  log(det S) / 2  +  N log(2 pi) / 2
//
// With S = I it is half_squared_error and a constant. The covariance is the same for all samples.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/optim/loss.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>

namespace tesela {

// Of N outputs, with one covariance for all samples.
template <std::size_t N>
class gaussian_likelihood {
 public:
  static constexpr std::size_t features = N;

  // Row-major, symmetric and positive definite; otherwise usage_error.
  explicit gaussian_likelihood(const std::array<float, N * N>& covariance) {
    // S = L L^T (Cholesky), S^-1 = L^-T L^-1, in double.
    std::array<double, N * N> l{}, inverse{};
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        const double above = static_cast<double>(covariance[j * N + i]);
        double sum = static_cast<double>(covariance[i * N + j]);
        if (!(std::abs(above - sum) <= 1e-6 * (std::abs(above) + std::abs(sum)))) {
          refuse_covariance("symmetric", i, j);
        }
        for (std::size_t k = 0; k < j; ++k) sum -= l[i * N + k] * l[j * N + k];
        if (i == j) {
          if (!(sum > 0)) refuse_covariance("positive definite", i, j);
          l[i * N + i] = std::sqrt(sum);
          constant_ += std::log(l[i * N + i]) + std::log(2 * std::numbers::pi) / 2;
        } else {
          l[i * N + j] = sum / l[j * N + j];
        }
      }
    }
    for (std::size_t c = 0; c < N; ++c) {  // column c of L^-1
      for (std::size_t i = c; i < N; ++i) {
        double sum = i == c ? 1.0 : 0.0;
        for (std::size_t k = c; k < i; ++k) sum -= l[i * N + k] * inverse[k * N + c];
        inverse[i * N + c] = sum / l[i * N + i];
      }
    }
    for (std::size_t i = 0; i < N; ++i) {
      for (std::size_t j = 0; j < N; ++j) {
        double sum = 0;
        for (std::size_t k = 0; k < N; ++k) sum += inverse[k * N + i] * inverse[k * N + j];
        precision_[i * N + j] = static_cast<float>(sum);
      }
    }
  }

  static constexpr sentence name() { return "gaussian_likelihood"; }

  // S^-1.
  const std::array<float, N * N>& precision() const { return precision_; }

  template <class Isa, std::size_t Features>
  loss_sum block(const block_targets& targets, const float* y, std::size_t samples, float scale,
                 float* dy) const {
    static_assert(Features == N, "gaussian_likelihood<N>: N must be the network's number of outputs");
    const detail::numeric_targets<N> numeric(targets, samples);
    const float* t = numeric.values();
    std::array<double, block_lanes> losses{};
    for (std::size_t i = 0; i < N; ++i) {
      // Row i of S^-1 d, for all lanes.
      std::array<float, block_lanes> row{};
      for (std::size_t j = 0; j < N; ++j) {
        for (std::size_t lane = 0; lane < block_lanes; ++lane) {
          row[lane] += precision_[i * N + j] * (y[j * block_lanes + lane] - t[j * block_lanes + lane]);
        }
      }
      for (std::size_t lane = 0; lane < samples; ++lane) {
        const std::size_t at = i * block_lanes + lane;
        losses[lane] += 0.5 * static_cast<double>(row[lane]) * static_cast<double>(y[at] - t[at]);
      }
      if (dy == nullptr) continue;
      for (std::size_t lane = 0; lane < block_lanes; ++lane) {
        dy[i * block_lanes + lane] = lane < samples ? scale * row[lane] : 0.0f;
      }
    }
    loss_sum sum{.weight = static_cast<double>(samples)};
    for (std::size_t lane = 0; lane < samples; ++lane) sum.loss += losses[lane] + constant_;
    return sum;
  }

 private:
  [[noreturn]] static void refuse_covariance(const char* what, std::size_t i, std::size_t j) {
    throw usage_error("gaussian_likelihood: the covariance must be " + std::string(what) +
                      ", but is not at row " + std::to_string(i) + ", column " + std::to_string(j));
  }

  std::array<float, N * N> precision_{};
  double constant_ = 0;
};

// gaussian_likelihood{covariance}: of how many outputs?
namespace detail {
template <std::size_t N>
struct likelihood_without_size {
  static constexpr sentence complaint =
      "tesela: gaussian_likelihood expects the number of outputs as a constant and their covariance, row "
      "by row: write gaussian_likelihood<2>({1, 0, 0, 1})";
};
}  // namespace detail
template <>
class gaussian_likelihood<0> : public detail::refused {
 public:
  template <class... Given>
  explicit gaussian_likelihood(const Given&...) {
    (void)sizeof(tell<mistake_in<detail::likelihood_without_size<sizeof...(Given)>>>());
  }
};
template <class... Given>
gaussian_likelihood(const Given&...) -> gaussian_likelihood<0>;

}  // namespace tesela
