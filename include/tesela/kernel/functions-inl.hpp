// SPDX-License-Identifier: MIT
// The operations of expressions on vectors.
//
// Every function gives what <cmath> gives at 0, -0, infinities, NaN and denormal numbers, and is
// off by a few units in the last place (ULP) elsewhere: tests/kernel/functions_test.cpp holds the
// bounds, with and without fused multiply-add, and docs/expressions.md lists them. No function
// branches or goes lane by lane but sin and cos beyond 30000.
//
// Polynomials are minimax fits of the relative error (Lawson's iteration, coefficients rounded to
// float one after the other). Sums are arranged so that a zero keeps its sign: -0 - 0 is -0, -0 + 0
// is not.
#if defined(TESELA_KERNEL_FUNCTIONS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_FUNCTIONS_INL_HPP
#undef TESELA_KERNEL_FUNCTIONS_INL_HPP
#else
#define TESELA_KERNEL_FUNCTIONS_INL_HPP
#endif

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "tesela/expr/expression.hpp"
#include "tesela/expr/lift.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

using M = hn::Mask<D>;
using VI = hn::Vec<hn::RebindToSigned<D>>;

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

// max(x, low) and min(x, high) where a NaN stays: x86 returns its second operand for it.
HWY_INLINE V AtLeast(D d, V x, float low) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Max(hn::Set(d, low), x);
#else
  return hn::IfThenElse(hn::Lt(x, hn::Set(d, low)), hn::Set(d, low), x);
#endif
}
HWY_INLINE V AtMost(D d, V x, float high) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
  return hn::Min(hn::Set(d, high), x);
#else
  return hn::IfThenElse(hn::Gt(x, hn::Set(d, high)), hn::Set(d, high), x);
#endif
}

inline constexpr std::uint32_t kBitsOfInfinity = 0x7f800000, kBitsOfSmallestRoot = 0x0d800000;

template <text Name>
HWY_INLINE V Apply(expr::op::once<Name>, D, V x) {
  return x;
}
HWY_INLINE V Apply(expr::op::negate, D, V x) { return hn::Neg(x); }
HWY_INLINE V Apply(expr::op::absolute, D, V x) { return hn::Abs(x); }
HWY_INLINE V Apply(expr::op::sign, D d, V x) {
  const V zero = hn::Zero(d), one = hn::CopySign(hn::Set(d, 1.0f), x);
  return KeepNaN(x, hn::IfThenElse(hn::Eq(x, zero), zero, one));
}
// Correctly rounded, as hn::Sqrt is. AVX-512's square root of a vector takes 12 cycles of the unit that
// divisions need too; two steps by Newton and Markstein from an estimate of 14 bits take 7 of the others,
// and run beside a division. Their result is the same for every float of [1, 4) (the tests see all of
// them), hence for every one that scales to it by a power of 4 and leaves a normal remainder: from
// 2^-100 on. One vector in which another number stands takes the instruction.
HWY_INLINE V Apply(expr::op::square_root, D d, V x) {
#if HWY_ARCH_X86 && HWY_TARGET <= HWY_AVX3
  const hn::RebindToUnsigned<D> du;
  const auto above = hn::Sub(hn::BitCast(du, x), hn::Set(du, kBitsOfSmallestRoot));
  const auto range = hn::Set(du, kBitsOfInfinity - kBitsOfSmallestRoot);
  if (HWY_LIKELY(hn::AllTrue(du, hn::Lt(above, range)))) {
    const V half = hn::Set(d, 0.5f), estimate = hn::ApproximateReciprocalSqrt(x);
    V root = hn::Mul(x, estimate), slope = hn::Mul(estimate, half);  // slope: 1 / (2 root)
    const V error = hn::NegMulAdd(root, slope, half);
    root = hn::MulAdd(root, error, root);
    slope = hn::MulAdd(slope, error, slope);
    return hn::MulAdd(hn::NegMulAdd(root, root, x), slope, root);
  }
#endif
  (void)d;
  return hn::Sqrt(x);
}
HWY_INLINE V Apply(expr::op::relu, D d, V x) { return AtLeast(d, x, 0.0f); }

// 2^n for n from -126 to 127.
HWY_INLINE V PowerOfTwo(D d, VI n) {
  const hn::RebindToSigned<D> di;
  return hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127))));
}
// x = n ln 2 + r with |r| <= ln(2) / 2, and the result exp(r) - 1 = r + r^2 P(r), off by 2^-26 of
// itself. Adding 3 * 2^22 leaves the nearest whole number in the lowest bits, which is cheaper than
// hn::NearestInt's care for numbers beyond any integer; |x| < 2^21. ln 2 is a number of 15 bits, of
// which any n up to 2^9 is an exact multiple, and the rest. A NaN stays.
HWY_INLINE V ReducedExpm1(D d, V x, VI& n) {
  const hn::RebindToSigned<D> di;
  const V magic = hn::Set(d, 0x1.8p23f);
  const V shifted = hn::MulAdd(x, hn::Set(d, 1.44269504f), magic);
  n = hn::Sub(hn::BitCast(di, shifted), hn::BitCast(di, magic));
  const V count = hn::Sub(shifted, magic);
  V r = hn::NegMulAdd(count, hn::Set(d, 0.693145751953125f), x);
  r = hn::NegMulAdd(count, hn::Set(d, 1.42860677e-6f), r);
  const V s = hn::Mul(r, r);
  V even = hn::MulAdd(s, hn::Set(d, 1.39378593e-3f), hn::Set(d, 4.16664369e-2f));
  even = hn::MulAdd(s, even, hn::Set(d, 0.5f));
  const V odd = hn::MulAdd(s, hn::Set(d, 8.36654566e-3f), hn::Set(d, 1.66665435e-1f));
  return hn::MulAdd(hn::MulAdd(odd, r, even), s, r);
}
// exp(x) for x from -105 to 89, beyond which it is 0 or infinity in float. 2^n is multiplied in two
// halves, since neither end is a float: denormal results are as exact as they can be.
HWY_INLINE V ExpWithin(D d, V x) {
  VI n;
  const V e = ReducedExpm1(d, x, n);
  const VI half = hn::ShiftRight<1>(n);
  const V low = PowerOfTwo(d, half), high = PowerOfTwo(d, hn::Sub(n, half));
  return hn::Mul(hn::MulAdd(e, low, low), high);
}
HWY_INLINE V Apply(expr::op::exp, D d, V x) {
  return ExpWithin(d, AtMost(d, AtLeast(d, x, -105.0f), 89.0f));
}
// 2^n (e + 1) - 1 = 2 (2^(n-1) e + (2^(n-1) - 1/2)); the halves, because 2^128 is no float. Below
// 2^-25 it is x.
HWY_INLINE V Apply(expr::op::expm1, D d, V x) {
  const hn::RebindToSigned<D> di;
  VI n;
  const V e = ReducedExpm1(d, AtMost(d, AtLeast(d, x, -30.0f), 89.0f), n);
  const V power = PowerOfTwo(d, hn::Sub(n, hn::Set(di, 1)));
  const V y = hn::MulAdd(e, power, hn::Sub(power, hn::Set(d, 0.5f)));
  return hn::IfThenElse(hn::Lt(hn::Abs(x), hn::Set(d, 0x1p-25f)), x, hn::Add(y, y));
}

// log(1 + f) - minus_exponent ln 2 for 1 + f from sqrt(1/2) to sqrt(2): f + f^2 Q(f), off by 2^-27
// of itself. The exponent comes as a float of multiples of 2^23, as integer arithmetic on the bits
// of floats gives it.
HWY_INLINE V LogWithin(D d, V f, V minus_exponent) {
  const V s = hn::Mul(f, f);
  V even = hn::MulAdd(s, hn::Set(d, -7.86252022e-2f), hn::Set(d, -1.31283954e-1f));
  V odd = hn::MulAdd(s, hn::Set(d, 1.28834099e-1f), hn::Set(d, 1.41808733e-1f));
  even = hn::MulAdd(s, even, hn::Set(d, -1.6624561e-1f));
  odd = hn::MulAdd(s, odd, hn::Set(d, 2.0002304e-1f));
  even = hn::MulAdd(s, even, hn::Set(d, -2.50008106e-1f));
  odd = hn::MulAdd(s, odd, hn::Set(d, 3.33333164e-1f));
  even = hn::MulAdd(s, even, hn::Set(d, -0.5f));
  const V rest = hn::NegMulAdd(minus_exponent, hn::Set(d, 1.42860677e-6f * 0x1p-23f), f);
  const V y = hn::MulAdd(hn::MulAdd(odd, f, even), s, rest);
  return hn::NegMulAdd(minus_exponent, hn::Set(d, 0.693145751953125f * 0x1p-23f), y);
}
// -n 2^23 for the n that brings 2^-n x between sqrt(1/2) and sqrt(2).
HWY_INLINE VI MinusExponent(V x) {
  const hn::RebindToSigned<D> di;
  return hn::And(hn::Sub(hn::Set(di, 0x3fb504f3), hn::BitCast(di, x)),
                 hn::Set(di, static_cast<std::int32_t>(0xff800000u)));
}
// y = log(from x), put right where x is not a number between `pole` and infinity: log(pole) is
// -infinity, below it there is no logarithm.
HWY_INLINE V LogEnds(D d, V x, float pole, V y) {
  const V at = hn::Set(d, pole);
  y = hn::IfThenElse(hn::Lt(x, Infinity(d)), y, x);
  y = hn::IfThenElse(hn::Eq(x, at), hn::Neg(Infinity(d)), y);
  return hn::Or(y, hn::VecFromMask(d, hn::Lt(x, at)));  // all bits set are a NaN
}
// x = m 2^-n with m between sqrt(1/2) and sqrt(2), and minus_exponent = n 2^23.
HWY_INLINE void SplitLog(D d, V x, V& m, V& minus_exponent) {
  const hn::RebindToSigned<D> di;
  const M small = hn::Lt(x, hn::Set(d, std::numeric_limits<float>::min()));
  const V scaled = hn::IfThenElse(small, hn::Mul(x, hn::Set(d, 0x1p23f)), x);
  const VI n = MinusExponent(scaled);
  m = hn::BitCast(d, hn::Add(hn::BitCast(di, scaled), n));
  minus_exponent =
      hn::Add(hn::ConvertTo(d, n), hn::IfThenElseZero(small, hn::Set(d, 23 * 0x1p23f)));
}
HWY_INLINE V Apply(expr::op::log, D d, V x) {
  V m, minus_exponent;
  SplitLog(d, x, m, minus_exponent);
  return LogEnds(d, x, 0.0f, LogWithin(d, hn::Sub(m, hn::Set(d, 1.0f)), minus_exponent));
}
// log(1 + x) for x > -1. With n of the rounded 1 + x, f = 2^-n x - (1 - 2^-n) is rounded once,
// whatever 1 + x has lost. 4 * 2^-n is a float for every n up to 128, 2^-n is not.
HWY_INLINE V Log1pWithin(D d, V x) {
  const hn::RebindToSigned<D> di;
  const V one = hn::Set(d, 1.0f);
  const VI n = MinusExponent(hn::Add(x, one));
  const V scaled = hn::BitCast(d, hn::Add(hn::BitCast(di, x), n));
  const V four = hn::BitCast(d, hn::Add(hn::Set(di, 0x40800000), n));
  const V f = hn::Sub(scaled, hn::NegMulAdd(four, hn::Set(d, 0.25f), one));
  return LogWithin(d, f, hn::ConvertTo(d, n));
}
HWY_INLINE V Apply(expr::op::log1p, D d, V x) { return LogEnds(d, x, -1.0f, Log1pWithin(d, x)); }

// sin(x + Quarters pi / 2): x = n pi / 2 + r with |r| <= pi / 4, then the sine or the cosine of r
// with the sign of the quadrant. pi / 2 comes in four numbers of few bits, so that multiples are
// exact.
template <int Quarters>
HWY_INLINE V SinOf(D d, V x) {
  const hn::RebindToSigned<D> di;
  const VI n = hn::NearestInt(hn::Mul(x, hn::Set(d, 0.636619772f)));
  const V count = hn::ConvertTo(d, n);
  V r = hn::NegMulAdd(count, hn::Set(d, 0.5f * 3.140625f), x);
  r = hn::NegMulAdd(count, hn::Set(d, 0.5f * 9.670257568359375e-4f), r);
  r = hn::NegMulAdd(count, hn::Set(d, 0.5f * 6.2771141529083251953e-7f), r);
  r = hn::NegMulAdd(count, hn::Set(d, 0.5f * 1.2154201256553420762e-10f), r);
  const V s = hn::Mul(r, r);
  V sine = hn::MulAdd(s, hn::Set(d, -1.95184082e-4f), hn::Set(d, 8.3321901e-3f));
  sine = hn::MulAdd(s, sine, hn::Set(d, -1.66666552e-1f));
  sine = hn::MulAdd(hn::Mul(s, sine), r, r);
  V cosine = hn::MulAdd(s, hn::Set(d, 2.44323273e-5f), hn::Set(d, -1.38873095e-3f));
  cosine = hn::MulAdd(s, cosine, hn::Set(d, 4.16666456e-2f));
  cosine = hn::MulAdd(hn::Mul(s, s), cosine, hn::NegMulAdd(s, hn::Set(d, 0.5f), hn::Set(d, 1.0f)));
  const VI quadrant = hn::Add(n, hn::Set(di, Quarters));
  const M odd = hn::RebindMask(d, hn::TestBit(quadrant, hn::Set(di, 1)));
  const V negative = hn::BitCast(d, hn::ShiftLeft<30>(hn::And(quadrant, hn::Set(di, 2))));
  return hn::Xor(hn::IfThenElse(odd, cosine, sine), negative);
}
// Beyond 30000 the reduction loses its accuracy.
HWY_INLINE bool WithinReduction(D d, V x) {
  return HWY_LIKELY(hn::AllTrue(d, hn::Lt(hn::Abs(x), hn::Set(d, 30000.0f))));
}
HWY_INLINE V Apply(expr::op::sin, D d, V x) {
  if (!WithinReduction(d, x))
    return LaneByLane(d, x, x, [](float a, float) { return std::sin(a); });
  // The reduction makes -0 + 0 of -0.
  return hn::IfThenElse(hn::Lt(hn::Abs(x), hn::Set(d, 0x1p-12f)), x, SinOf<0>(d, x));
}
HWY_INLINE V Apply(expr::op::cos, D d, V x) {
  if (!WithinReduction(d, x))
    return LaneByLane(d, x, x, [](float a, float) { return std::cos(a); });
  return SinOf<1>(d, x);
}

// tanh(x) = e / (e + 2) with e = exp(2 |x|) - 1, and the sign of x; from 9.02 on it is 1 in float.
HWY_INLINE V Apply(expr::op::tanh, D d, V x) {
  const V limit = AtMost(d, hn::Abs(x), 10.0f);
  VI n;
  const V reduced = ReducedExpm1(d, hn::Add(limit, limit), n);
  const V power = PowerOfTwo(d, n);
  const V e = hn::MulAdd(reduced, power, hn::Sub(power, hn::Set(d, 1.0f)));
  return hn::CopySign(hn::Div(e, hn::Add(e, hn::Set(d, 2.0f))), x);
}
// With e = exp(-|x|): 1 / (1 + e) for x >= 0, e / (1 + e) below, which is exact down to denormals.
HWY_INLINE V Apply(expr::op::sigmoid, D d, V x) {
  const V one = hn::Set(d, 1.0f);
  const V e = ExpWithin(d, AtLeast(d, hn::Neg(hn::Abs(x)), -105.0f));
  return hn::Div(hn::IfThenElse(hn::Lt(x, hn::Zero(d)), e, one), hn::Add(one, e));
}
// max(x, 0) + log1p(exp(-|x|)).
HWY_INLINE V Apply(expr::op::softplus, D d, V x) {
  const V e = ExpWithin(d, AtLeast(d, hn::Neg(hn::Abs(x)), -105.0f));
  return hn::Add(AtLeast(d, x, 0.0f), Log1pWithin(d, e));
}
// With e = exp(x) and n = e (e + 2), tanh(log(1 + e)) is n / (n + 2), and its slope 4 e (1 + e) / (n + 2)^2:
// one exponential and one reciprocal, of which n / (n + 2) is made with a correction, so that it becomes 1.
// Where value and slope are wanted, compilers share all of this (n + 2 is a MulAdd, or g++ would make one
// of it here and not there, and divide twice). Beyond 43 n would overflow: there the value is 1 and the
// slope, below 1e-36, is 0.
struct TanhSoftplus {
  V e, n, whole, reciprocal;
  HWY_INLINE TanhSoftplus(D d, V x) {
    const V two = hn::Set(d, 2.0f);
    e = ExpWithin(d, AtMost(d, AtLeast(d, x, -105.0f), 43.0f));
    const V above = hn::Add(e, two);
    n = hn::Mul(e, above);
    whole = hn::MulAdd(e, above, two);
    reciprocal = hn::Div(hn::Set(d, 1.0f), whole);
  }
};
HWY_INLINE V Apply(expr::op::tanh_softplus, D d, V x) {
  const TanhSoftplus of(d, x);
  const V t = hn::Mul(of.n, of.reciprocal);
  return hn::MulAdd(hn::NegMulAdd(t, of.whole, of.n), of.reciprocal, t);
}
HWY_INLINE V Apply(expr::op::tanh_softplus_slope, D d, V x) {
  const TanhSoftplus of(d, x);
  const V twice = hn::Add(of.reciprocal, of.reciprocal), part = hn::Mul(twice, of.e);
  return hn::IfThenZeroElse(hn::Gt(x, hn::Set(d, 43.0f)), hn::Mul(part, hn::Add(twice, part)));
}
// Two polynomials: x + x P(x^2) near 0, and 1 - exp(Q(|x|)) with the sign of x beyond 475/512
// (coefficients: N. Juffa, "fast and accurate erff", minimax fits of 1 ulp each). From 4 on it
// is 1.
HWY_INLINE V Apply(expr::op::erf, D d, V x) {
  const V one = hn::Set(d, 1.0f);
  const V t = AtMost(d, hn::Abs(x), 4.0f), s = hn::Mul(t, t);
  V r = hn::MulAdd(hn::Set(d, -1.72853470e-5f), t, hn::Set(d, 3.83197126e-4f));
  const V u = hn::MulAdd(hn::Set(d, -3.88396438e-3f), t, hn::Set(d, 2.42546219e-2f));
  r = hn::MulAdd(r, s, u);
  r = hn::MulAdd(r, t, hn::Set(d, -1.06777877e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -6.34846687e-1f));
  r = hn::MulAdd(r, t, hn::Set(d, -1.28717512e-1f));
  r = hn::MulAdd(r, t, hn::Neg(t));
  VI n;
  const V e = ReducedExpm1(d, r, n);
  const V power = PowerOfTwo(d, n);
  const V far = hn::NegMulAdd(e, power, hn::Sub(one, power));
  V p = hn::Set(d, -5.96761703e-4f);
  p = hn::MulAdd(p, s, hn::Set(d, 4.99119423e-3f));
  p = hn::MulAdd(p, s, hn::Set(d, -2.67681349e-2f));
  p = hn::MulAdd(p, s, hn::Set(d, 1.12819925e-1f));
  p = hn::MulAdd(p, s, hn::Set(d, -3.76125336e-1f));
  p = hn::MulAdd(p, s, hn::Set(d, 1.28379166e-1f));
  const V near = hn::MulAdd(p, x, x);
  return hn::IfThenElse(hn::Gt(t, hn::Set(d, 0.927734375f)), hn::CopySign(far, x), near);
}

HWY_INLINE V Apply(expr::op::add, D, V a, V b) { return hn::Add(a, b); }
HWY_INLINE V Apply(expr::op::subtract, D, V a, V b) { return hn::Sub(a, b); }
HWY_INLINE V Apply(expr::op::multiply, D, V a, V b) { return hn::Mul(a, b); }
HWY_INLINE V Apply(expr::op::divide, D d, V a, V b) {
#if HWY_TARGET == HWY_EMU128  // Highway 1.2's makes a / 0 zero
  HWY_ALIGN float quotient[kLanes], divisor[kLanes];
  hn::Store(a, d, quotient);
  hn::Store(b, d, divisor);
  for (std::size_t i = 0; i < kLanes; ++i) quotient[i] /= divisor[i];
  return hn::Load(d, quotient);
#else
  static_cast<void>(d);
  return hn::Div(a, b);
#endif
}
// (Highway's emulation makes the greatest float of what is beyond it.)
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128 && HWY_HAVE_FLOAT64
// |x|^y = 2^(y log2 |x|) of half a vector, where |x| is m 2^-minus_exponent and the exponent comes
// as a multiple of 2^23. In double, because float would multiply the rounding of the logarithm by
// y.
//   log2(m) = s P(s^2) with s = (m - 1) / (m + 1), off by 2^-37 of itself; 2^r off by 2^-34
template <class DHalf, class VHalf>
HWY_INLINE VHalf PowerOfHalf(DHalf dh, VHalf m, VHalf minus_exponent, VHalf y) {
  const hn::Rebind<double, DHalf> dd;
  const hn::RebindToSigned<decltype(dd)> di;
  const auto base = hn::PromoteTo(dd, m), one = hn::Set(dd, 1.0);
  const auto s = hn::Div(hn::Sub(base, one), hn::Add(base, one)), z = hn::Mul(s, s);
  auto p = hn::MulAdd(z, hn::Set(dd, 0.34074044031768086), hn::Set(dd, 0.41167211010118188));
  p = hn::MulAdd(z, p, hn::Set(dd, 0.577083596177977));
  p = hn::MulAdd(z, p, hn::Set(dd, 0.96179667327575757));
  p = hn::MulAdd(z, p, hn::Set(dd, 2.8853900817901463));
  const auto logarithm =
      hn::NegMulAdd(hn::PromoteTo(dd, minus_exponent), hn::Set(dd, 0x1p-23), hn::Mul(s, p));
  // Beyond the clamps the result is 0 or infinity in float.
  auto t = hn::Mul(hn::PromoteTo(dd, y), logarithm);
  t = hn::Min(hn::Max(t, hn::Set(dd, -160.0)), hn::Set(dd, 130.0));
  // Adding 3 * 2^51 leaves the nearest whole number in the lowest bits.
  const auto magic = hn::Set(dd, 0x1.8p52);
  const auto shifted = hn::Add(t, magic);
  const auto r = hn::Sub(t, hn::Sub(shifted, magic));
  auto q = hn::MulAdd(r, hn::Set(dd, 1.531494916081699e-05), hn::Set(dd, 0.00015467110147158347));
  q = hn::MulAdd(r, q, hn::Set(dd, 0.0013333430777378917));
  q = hn::MulAdd(r, q, hn::Set(dd, 0.0096180369115786701));
  q = hn::MulAdd(r, q, hn::Set(dd, 0.055504109625822952));
  q = hn::MulAdd(r, q, hn::Set(dd, 0.24022651075846965));
  q = hn::MulAdd(r, q, hn::Set(dd, 0.6931471805416517));
  q = hn::MulAdd(r, q, one);
  const auto exponent = hn::ShiftLeft<52>(hn::BitCast(di, shifted));
  return hn::DemoteTo(dh, hn::BitCast(dd, hn::Add(hn::BitCast(di, q), exponent)));
}
HWY_INLINE V Apply(expr::op::power, D d, V x, V y) {
  const hn::Half<D> dh;
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0f), size = hn::Abs(x);
  V m, minus_exponent;
  SplitLog(d, size, m, minus_exponent);
  minus_exponent = hn::IfThenElse(hn::Eq(size, zero), Infinity(d), minus_exponent);
  minus_exponent = hn::IfThenElse(hn::Eq(size, Infinity(d)), hn::Neg(Infinity(d)), minus_exponent);
  V r = hn::Combine(d,
                    PowerOfHalf(dh, hn::UpperHalf(dh, m), hn::UpperHalf(dh, minus_exponent),
                                hn::UpperHalf(dh, y)),
                    PowerOfHalf(dh, hn::LowerHalf(dh, m), hn::LowerHalf(dh, minus_exponent),
                                hn::LowerHalf(dh, y)));
  r = hn::IfThenElse(hn::Eq(size, one), one, r);
  // A negative base (-0 is one) keeps its sign under an odd exponent; between whole exponents there
  // is no power of it. Every float from 2^24 on, and infinity, is even.
  const V half = hn::Mul(y, hn::Set(d, 0.5f));
  const M whole = hn::Eq(hn::Round(y), y), even = hn::Eq(hn::Round(half), half);
  r = hn::Or(r, hn::IfThenElseZero(hn::AndNot(even, whole), hn::And(x, hn::SignBit(d))));
  const M none = hn::And(hn::And(hn::Lt(x, zero), hn::Gt(x, hn::Neg(Infinity(d)))), hn::Not(whole));
  const M unordered = hn::Or(hn::IsNaN(x), hn::IsNaN(y));
  r = hn::Or(r, hn::VecFromMask(d, hn::Or(none, unordered)));  // all bits set are a NaN
  return hn::IfThenElse(hn::Or(hn::Eq(y, zero), hn::Eq(x, one)), one, r);
}
#else
// exp(y log(x)) in float would multiply the rounding of log(x) by y.
HWY_INLINE V Apply(expr::op::power, D d, V x, V y) {
  return LaneByLane(d, x, y, [](float a, float b) { return std::pow(a, b); });
}
#endif
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
