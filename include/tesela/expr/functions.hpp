// SPDX-License-Identifier: MIT
// The functions an expression is written with. Each takes expressions and numbers alike.
#pragma once

#include "tesela/expr/expression.hpp"

namespace tesela::expr {

template <Operand A>
constexpr auto abs(const A& a) {
  return detail::make<op::absolute>(a);
}
// -1, 0 or 1; NaN stays NaN.
template <Operand A>
constexpr auto sign(const A& a) {
  return detail::make<op::sign>(a);
}
template <Operand A>
constexpr auto sqrt(const A& a) {
  return detail::make<op::square_root>(a);
}
// 1 / sqrt(x).
template <Operand A>
constexpr auto rsqrt(const A& a) {
  return one / sqrt(a);
}
template <Operand A>
constexpr auto square(const A& a) {
  return a * a;
}
template <Operand A>
constexpr auto exp(const A& a) {
  return detail::make<op::exp>(a);
}
// exp(x) - 1, exact near 0.
template <Operand A>
constexpr auto expm1(const A& a) {
  return detail::make<op::expm1>(a);
}
template <Operand A>
constexpr auto log(const A& a) {
  return detail::make<op::log>(a);
}
// log(1 + x), exact near 0.
template <Operand A>
constexpr auto log1p(const A& a) {
  return detail::make<op::log1p>(a);
}
template <Operand A>
constexpr auto sin(const A& a) {
  return detail::make<op::sin>(a);
}
template <Operand A>
constexpr auto cos(const A& a) {
  return detail::make<op::cos>(a);
}
// Of a softplus it is algebraic in exp(x): one exponential, where tanh and softplus need two and a logarithm.
template <Operand A>
constexpr auto tanh(const A& a) {
  if constexpr (requires { [](unary<op::softplus, decltype(a.a)>) {}(a); }) {
    return detail::make<op::tanh_softplus>(a.a);
  } else {
    return detail::make<op::tanh>(a);
  }
}
// 1 / (1 + exp(-x)).
template <Operand A>
constexpr auto sigmoid(const A& a) {
  return detail::make<op::sigmoid>(a);
}
// log(1 + exp(x)), without overflow.
template <Operand A>
constexpr auto softplus(const A& a) {
  return detail::make<op::softplus>(a);
}
template <Operand A>
constexpr auto erf(const A& a) {
  return detail::make<op::erf>(a);
}
// max(x, 0). Its derivative at 0 is 0, as in PyTorch.
template <Operand A>
constexpr auto relu(const A& a) {
  return detail::make<op::relu>(a);
}
// a to the power b: as std::pow, so a negative base needs a whole exponent.
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto pow(const A& a, const B& b) {
  return detail::make<op::power>(a, b);
}
// A NaN on either side gives NaN. Where both are equal, each gets half of the gradient.
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto max(const A& a, const B& b) {
  return detail::make<op::maximum>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto min(const A& a, const B& b) {
  return detail::make<op::minimum>(a, b);
}
// x within [low, high]. At the ends the derivative is 1, as in PyTorch.
template <Operand A, class Low, class High>
constexpr auto clamp(const A& a, const Low& low, const High& high) {
  return where(a < low, low, where(high < a, high, a));
}

}  // namespace tesela::expr

namespace tesela {

// Also for what is no expression itself: operators are looked up beside the type of their operands.
using expr::operator+, expr::operator-, expr::operator*, expr::operator/, expr::operator<,
    expr::operator<=, expr::operator>, expr::operator>=, expr::operator==, expr::operator!=;
using expr::abs, expr::clamp, expr::cos, expr::erf, expr::exp, expr::expm1, expr::log, expr::log1p,
    expr::max, expr::min, expr::pow, expr::rsqrt, expr::sign, expr::sqrt, expr::square,
    expr::where;

}  // namespace tesela
