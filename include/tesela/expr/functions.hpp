// SPDX-License-Identifier: MIT
// The functions an expression is written with. Each takes expressions and numbers alike.
#pragma once

#include "tesela/expr/expression.hpp"

namespace tesela::expr {

template <Numeric A>
constexpr auto abs(A a) {
  return unary<op::absolute, A>(a);
}
// -1, 0 or 1; NaN stays NaN.
template <Numeric A>
constexpr auto sign(A a) {
  return unary<op::sign, A>(a);
}
template <Numeric A>
constexpr auto sqrt(A a) {
  return unary<op::square_root, A>(a);
}
// 1 / sqrt(x).
template <Numeric A>
constexpr auto rsqrt(A a) {
  return one / sqrt(a);
}
template <Numeric A>
constexpr auto square(A a) {
  return a * a;
}
template <Numeric A>
constexpr auto exp(A a) {
  return unary<op::exp, A>(a);
}
// exp(x) - 1, exact near 0.
template <Numeric A>
constexpr auto expm1(A a) {
  return unary<op::expm1, A>(a);
}
template <Numeric A>
constexpr auto log(A a) {
  return unary<op::log, A>(a);
}
// log(1 + x), exact near 0.
template <Numeric A>
constexpr auto log1p(A a) {
  return unary<op::log1p, A>(a);
}
template <Numeric A>
constexpr auto sin(A a) {
  return unary<op::sin, A>(a);
}
template <Numeric A>
constexpr auto cos(A a) {
  return unary<op::cos, A>(a);
}
template <Numeric A>
constexpr auto tanh(A a) {
  return unary<op::tanh, A>(a);
}
// 1 / (1 + exp(-x)).
template <Numeric A>
constexpr auto sigmoid(A a) {
  return unary<op::sigmoid, A>(a);
}
// log(1 + exp(x)), without overflow.
template <Numeric A>
constexpr auto softplus(A a) {
  return unary<op::softplus, A>(a);
}
template <Numeric A>
constexpr auto erf(A a) {
  return unary<op::erf, A>(a);
}
// max(x, 0). Its derivative at 0 is 0, as in PyTorch.
template <Numeric A>
constexpr auto relu(A a) {
  return unary<op::relu, A>(a);
}
// a to the power b: as std::pow, so a negative base needs a whole exponent.
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto pow(A a, B b) {
  return detail::make<op::power>(a, b);
}
// A NaN on either side gives NaN. Where both are equal, each gets half of the gradient.
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto max(A a, B b) {
  return detail::make<op::maximum>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto min(A a, B b) {
  return detail::make<op::minimum>(a, b);
}
// x within [low, high]. At the ends the derivative is 1, as in PyTorch.
template <Numeric A, class Low, class High>
constexpr auto clamp(A a, Low low, High high) {
  return where(a < low, low, where(high < a, high, a));
}

}  // namespace tesela::expr

namespace tesela {

using expr::abs, expr::clamp, expr::cos, expr::erf, expr::exp, expr::expm1, expr::log, expr::log1p,
    expr::max, expr::min, expr::pow, expr::rsqrt, expr::sign, expr::sin, expr::sqrt, expr::square,
    expr::where;

}  // namespace tesela
