// SPDX-License-Identifier: MIT
// Test only: a number that carries its exact derivative in eight directions.
//
//   (a + a' e) (b + b' e) = ab + (a'b + ab') e     with e^2 = 0: no step, no truncation error.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace gradient {

class dual {
 public:
  static constexpr std::size_t directions = 8;

  dual() = default;
  explicit dual(double value) : value_(value) {}
  // A variable: its derivative in one direction is 1.
  static dual variable(double value, std::size_t direction) {
    dual x(value);
    x.derivative_[direction / 2][direction % 2] = 1;
    return x;
  }

  double real() const { return value_; }
  double derivative(std::size_t direction) const {
    return derivative_[direction / 2][direction % 2];
  }

  friend dual operator+(const dual& a, const dual& b) { return {a.value_ + b.value_, 1, a, 1, b}; }
  friend dual operator-(const dual& a, const dual& b) { return {a.value_ - b.value_, 1, a, -1, b}; }
  friend dual operator-(const dual& a) { return {-a.value_, -1, a, 0, a}; }
  friend dual operator*(const dual& a, const dual& b) {
    return {a.value_ * b.value_, b.value_, a, a.value_, b};
  }
  friend dual operator/(const dual& a, const dual& b) {
    const double ratio = a.value_ / b.value_;
    return {ratio, 1 / b.value_, a, -ratio / b.value_, b};
  }
  friend dual exp(const dual& a) {
    const double e = std::exp(a.value_);
    return {e, e, a, 0, a};
  }
  friend dual log(const dual& a) { return {std::log(a.value_), 1 / a.value_, a, 0, a}; }
  friend dual sqrt(const dual& a) {
    const double root = std::sqrt(a.value_);
    return {root, 0.5 / root, a, 0, a};
  }
  friend dual expm1(const dual& a) {
    return {std::expm1(a.value_), std::exp(a.value_), a, 0, a};
  }
  friend dual log1p(const dual& a) {
    return {std::log1p(a.value_), 1 / (1 + a.value_), a, 0, a};
  }
  friend dual sin(const dual& a) { return {std::sin(a.value_), std::cos(a.value_), a, 0, a}; }
  friend dual cos(const dual& a) { return {std::cos(a.value_), -std::sin(a.value_), a, 0, a}; }
  friend dual tanh(const dual& a) {
    const double cosh = std::cosh(a.value_);
    return {std::tanh(a.value_), 1 / (cosh * cosh), a, 0, a};
  }
  friend dual erf(const dual& a) {
    return {std::erf(a.value_), 2 / std::sqrt(std::acos(-1.0)) * std::exp(-a.value_ * a.value_), a,
            0, a};
  }
  friend dual pow(const dual& a, const dual& b) {
    const double power = std::pow(a.value_, b.value_);
    const double by_a = b.value_ == 0 ? 0 : b.value_ * std::pow(a.value_, b.value_ - 1);
    const double by_b = a.value_ > 0 ? power * std::log(a.value_) : 0;
    return {power, by_a, a, by_b, b};
  }

 private:
  // The smallest vector, which every processor has: pairs keep the tests quick without -O2.
  using pair [[gnu::vector_size(2 * sizeof(double))]] = double;
  static constexpr std::size_t pairs = directions / 2;

  // f(a, b) with its two partial derivatives.
  dual(double value, double by_a, const dual& a, double by_b, const dual& b) : value_(value) {
    for (std::size_t i = 0; i < pairs; ++i) {
      derivative_[i] = by_a * a.derivative_[i] + by_b * b.derivative_[i];
    }
  }

  double value_ = 0;
  pair derivative_[pairs] = {};
};

}  // namespace gradient
