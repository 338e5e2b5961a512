// SPDX-License-Identifier: MIT
// The operations of expressions on vectors: what Highway has, what it lacks, and its special values.
//
// Highway's exp, log and their kin are polynomials that are exact to a few units in the last place on
// finite numbers; infinities and NaN are put right here, so that every function agrees with <cmath>.
// docs/expressions.md lists the measured errors, tests/kernel/functions_test.cpp measures them.
#if defined(TESELA_KERNEL_FUNCTIONS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_FUNCTIONS_INL_HPP
#undef TESELA_KERNEL_FUNCTIONS_INL_HPP
#else
#define TESELA_KERNEL_FUNCTIONS_INL_HPP
#endif

#include <cmath>
#include <cstddef>
#include <limits>

#include "tesela/expr/expression.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

using M = hn::Mask<D>;

// One lane after the other, where a vector formula would lose accuracy.
template <class F>
HWY_INLINE V LaneByLane(D d, V a, V b, const F& f) {
  HWY_ALIGN float x[kLanes], y[kLanes];
  hn::Store(a, d, x);
  hn::Store(b, d, y);
  for (std::size_t i = 0; i < kLanes; ++i) x[i] = f(x[i], y[i]);
  return hn::Load(d, x);
}

HWY_INLINE V Infinity(D d) { return hn::Set(d, std::numeric_limits<float>::infinity()); }
// `result`, but x itself where x is NaN.
HWY_INLINE V KeepNaN(V x, V result) { return hn::IfThenElse(hn::IsNaN(x), x, result); }

HWY_INLINE V Apply(expr::op::negate, D, V x) { return hn::Neg(x); }
HWY_INLINE V Apply(expr::op::absolute, D, V x) { return hn::Abs(x); }
HWY_INLINE V Apply(expr::op::sign, D d, V x) {
  const V one = hn::CopySign(hn::Set(d, 1.0f), x);
  return KeepNaN(x, hn::IfThenElse(hn::Eq(x, hn::Zero(d)), x, one));
}
HWY_INLINE V Apply(expr::op::square_root, D, V x) { return hn::Sqrt(x); }
HWY_INLINE V Apply(expr::op::relu, D d, V x) {
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x);
}

// Clamped, because Highway's exponent arithmetic wraps around far outside: exp(89) is infinite and
// exp(-104) is 0 in float.
HWY_INLINE V Apply(expr::op::exp, D d, V x) {
  const V y = hn::Exp(d, hn::Min(hn::Max(x, hn::Set(d, -105.0f)), hn::Set(d, 88.7f)));
  const V big = hn::IfThenElse(hn::Gt(x, hn::Set(d, 88.722835f)), Infinity(d), y);
  return KeepNaN(x, big);
}
HWY_INLINE V Apply(expr::op::expm1, D d, V x) {
  const V y = hn::Expm1(d, hn::Min(hn::Max(x, hn::Set(d, -105.0f)), hn::Set(d, 88.7f)));
  const V big = hn::IfThenElse(hn::Gt(x, hn::Set(d, 88.722835f)), Infinity(d), y);
  return KeepNaN(x, big);
}
// log(0) = -inf, log(x < 0) = NaN, log(inf) = inf.
HWY_INLINE V Apply(expr::op::log, D d, V x) {
  const V zero = hn::Zero(d);
  const V nan = hn::Set(d, std::numeric_limits<float>::quiet_NaN());
  V y = hn::IfThenElse(hn::Eq(x, Infinity(d)), x, hn::Log(d, x));
  y = hn::IfThenElse(hn::Eq(x, zero), hn::Neg(Infinity(d)), y);
  return KeepNaN(x, hn::IfThenElse(hn::Lt(x, zero), nan, y));
}
HWY_INLINE V Apply(expr::op::log1p, D d, V x) {
  const V minus_one = hn::Set(d, -1.0f);
  const V nan = hn::Set(d, std::numeric_limits<float>::quiet_NaN());
  V y = hn::IfThenElse(hn::Eq(x, Infinity(d)), x, hn::Log1p(d, x));
  y = hn::IfThenElse(hn::Eq(x, minus_one), hn::Neg(Infinity(d)), y);
  return KeepNaN(x, hn::IfThenElse(hn::Lt(x, minus_one), nan, y));
}

// Beyond 30000 the reduction by multiples of pi loses its accuracy.
HWY_INLINE V Apply(expr::op::sin, D d, V x) {
  if (HWY_LIKELY(hn::AllTrue(d, hn::Lt(hn::Abs(x), hn::Set(d, 30000.0f))))) return hn::Sin(d, x);
  return LaneByLane(d, x, x, [](float a, float) { return std::sin(a); });
}
HWY_INLINE V Apply(expr::op::cos, D d, V x) {
  if (HWY_LIKELY(hn::AllTrue(d, hn::Lt(hn::Abs(x), hn::Set(d, 30000.0f))))) return hn::Cos(d, x);
  return LaneByLane(d, x, x, [](float a, float) { return std::cos(a); });
}

// tanh(x) = e / (e + 2) with e = exp(2 |x|) - 1, and the sign of x; from 9.02 on it is 1 in float.
HWY_INLINE V Apply(expr::op::tanh, D d, V x) {
  const V limit = hn::Min(hn::Abs(x), hn::Set(d, 10.0f));
  const V e = hn::Expm1(d, hn::Add(limit, limit));
  return KeepNaN(x, hn::CopySign(hn::Div(e, hn::Add(e, hn::Set(d, 2.0f))), x));
}
// 1 / (1 + exp(-x)); exp cannot overflow into NaN: 1 / (1 + inf) = 0.
HWY_INLINE V Apply(expr::op::sigmoid, D d, V x) {
  const V one = hn::Set(d, 1.0f);
  return hn::Div(one, hn::Add(one, Apply(expr::op::exp{}, d, hn::Neg(x))));
}
// max(x, 0) + log1p(exp(-|x|)).
HWY_INLINE V Apply(expr::op::softplus, D d, V x) {
  const V e = hn::Exp(d, hn::Max(hn::Neg(hn::Abs(x)), hn::Set(d, -105.0f)));
  return KeepNaN(x, hn::Add(hn::Max(x, hn::Zero(d)), hn::Log1p(d, e)));
}
// Two polynomials: x + x P(x^2) near 0, and 1 - exp(Q(|x|)) with the sign of x beyond 475/512
// (coefficients: N. Juffa, "fast and accurate erff", minimax fits of 1 ulp each).
HWY_INLINE V Apply(expr::op::erf, D d, V x) {
  const V t = hn::Abs(x), s = hn::Mul(x, x);
  V r = hn::MulAdd(hn::Set(d, -1.72853470e-5f), t, hn::Set(d, 3.83197126e-4f));
  const V u = hn::MulAdd(hn::Set(d, -3.88396438e-3f), t, hn::Set(d, 2.42546219e-2f));
  r = hn::MulAdd(r, s, u);
  r = hn::MulAdd(r, t, hn::Set(d, -1.06777877e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -6.34846687e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -1.28717512e-1f));
  r = hn::MulAdd(r, t, hn::Neg(t));
  const V far = hn::Sub(hn::Set(d, 1.0f), hn::Exp(d, hn::Max(r, hn::Set(d, -105.0f))));
  V p = hn::Set(d, -5.96761703e-4f);
  p = hn::MulAdd(p, s, hn::Set(d, 4.99119423e-3f));
  p = hn::MulAdd(p, s, hn::Set(d, -2.67681349e-2f));
  p = hn::MulAdd(p, s, hn::Set(d, 1.12819925e-1f));
  p = hn::MulAdd(p, s, hn::Set(d, -3.76125336e-1f));
  p = hn::MulAdd(p, s, hn::Set(d, 1.28379166e-1f));
  const V near = hn::MulAdd(p, x, x);
  // Beyond 4 the result is 1, and t^7 must not become infinity minus infinity.
  const V big = hn::IfThenElse(hn::Gt(t, hn::Set(d, 4.0f)), hn::Set(d, 1.0f), far);
  const V y = hn::IfThenElse(hn::Gt(t, hn::Set(d, 0.927734375f)), hn::CopySign(big, x), near);
  return KeepNaN(x, y);
}

HWY_INLINE V Apply(expr::op::add, D, V a, V b) { return hn::Add(a, b); }
HWY_INLINE V Apply(expr::op::subtract, D, V a, V b) { return hn::Sub(a, b); }
HWY_INLINE V Apply(expr::op::multiply, D, V a, V b) { return hn::Mul(a, b); }
HWY_INLINE V Apply(expr::op::divide, D, V a, V b) { return hn::Div(a, b); }
// exp(b log(a)) in float would multiply the rounding of log(a) by b.
HWY_INLINE V Apply(expr::op::power, D d, V a, V b) {
  return LaneByLane(d, a, b, [](float x, float y) { return std::pow(x, y); });
}
HWY_INLINE V Apply(expr::op::maximum, D, V a, V b) {
  return KeepNaN(b, hn::IfThenElse(hn::Lt(a, b), b, a));
}
HWY_INLINE V Apply(expr::op::minimum, D, V a, V b) {
  return KeepNaN(b, hn::IfThenElse(hn::Gt(a, b), b, a));
}

HWY_INLINE M Apply(expr::op::less, D, V a, V b) { return hn::Lt(a, b); }
HWY_INLINE M Apply(expr::op::less_equal, D, V a, V b) { return hn::Le(a, b); }
HWY_INLINE M Apply(expr::op::equal, D, V a, V b) { return hn::Eq(a, b); }
HWY_INLINE M Apply(expr::op::both, D, M a, M b) { return hn::And(a, b); }
HWY_INLINE M Apply(expr::op::either, D, M a, M b) { return hn::Or(a, b); }
HWY_INLINE M Apply(expr::op::invert, D, M a) { return hn::Not(a); }
HWY_INLINE V Apply(expr::op::select, D, M condition, V a, V b) {
  return hn::IfThenElse(condition, a, b);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
