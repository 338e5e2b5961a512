// SPDX-License-Identifier: MIT
// Turns an expression into vector instructions: one vector of every operand in, one vector out.
#if defined(TESELA_KERNEL_EVALUATE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_EVALUATE_INL_HPP
#undef TESELA_KERNEL_EVALUATE_INL_HPP
#else
#define TESELA_KERNEL_EVALUATE_INL_HPP
#endif

#include <cstddef>

#include "tesela/expr/expression.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// A class, so that every overload sees every other.
template <std::size_t Operands>
struct Evaluator {
  const D d;
  const V (&in)[Operands];

  template <std::size_t I>
  HWY_INLINE V operator()(const expr::operand<I>&) const {
    static_assert(I < Operands, "the expression names an operand that the loop does not load");
    return in[I];
  }
  HWY_INLINE V operator()(const expr::scalar& s) const { return hn::Set(d, s.value); }
  template <class A>
  HWY_INLINE V operator()(const expr::unary<expr::op::negate, A>& e) const {
    return hn::Neg((*this)(e.a));
  }
  template <class A>
  HWY_INLINE V operator()(const expr::unary<expr::op::square_root, A>& e) const {
    return hn::Sqrt((*this)(e.a));
  }
  template <class A, class B>
  HWY_INLINE V operator()(const expr::binary<expr::op::add, A, B>& e) const {
    return hn::Add((*this)(e.a), (*this)(e.b));
  }
  template <class A, class B>
  HWY_INLINE V operator()(const expr::binary<expr::op::subtract, A, B>& e) const {
    return hn::Sub((*this)(e.a), (*this)(e.b));
  }
  template <class A, class B>
  HWY_INLINE V operator()(const expr::binary<expr::op::multiply, A, B>& e) const {
    return hn::Mul((*this)(e.a), (*this)(e.b));
  }
  template <class A, class B>
  HWY_INLINE V operator()(const expr::binary<expr::op::divide, A, B>& e) const {
    return hn::Div((*this)(e.a), (*this)(e.b));
  }
  // A NaN on the left stays, as in PyTorch's relu: comparing is false, so the left one is kept.
  template <class A, class B>
  HWY_INLINE V operator()(const expr::binary<expr::op::maximum, A, B>& e) const {
    const V a = (*this)(e.a), b = (*this)(e.b);
    return hn::IfThenElse(hn::Lt(a, b), b, a);
  }
  template <class X, class A, class B>
  HWY_INLINE V operator()(const expr::ternary<expr::op::select_positive, X, A, B>& e) const {
    return hn::IfThenElse(hn::Gt((*this)(e.a), hn::Zero(d)), (*this)(e.b), (*this)(e.c));
  }
};

template <std::size_t Operands, class E>
HWY_INLINE V Evaluate(D d, const E& expression, const V (&in)[Operands]) {
  return Evaluator<Operands>{d, in}(expression);
}

// outputs[r][i] = result r of inputs[0..][i], for i < count, in one pass over memory. Outputs may be
// inputs; nothing behind `count` is touched.
template <std::size_t Inputs, class... E>
HWY_ATTR void EvaluateLoop(const expr::results<E...>& results, const float* const (&inputs)[Inputs],
                           float* const (&outputs)[sizeof...(E)], std::size_t count) {
  const D d;
  const auto evaluate = [&](const V(&in)[Inputs], V(&out)[sizeof...(E)]) HWY_ATTR {
    meta::for_each_index<sizeof...(E)>([&](auto r) HWY_ATTR {
      out[r()] = Evaluate(d, results.template get<r()>(), in);
    });
  };
  V in[Inputs], out[sizeof...(E)];
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t k = 0; k < Inputs; ++k) in[k] = hn::LoadU(d, inputs[k] + i);
    evaluate(in, out);
    for (std::size_t r = 0; r < sizeof...(E); ++r) hn::StoreU(out[r], d, outputs[r] + i);
  }
  if (i < count) {
    for (std::size_t k = 0; k < Inputs; ++k) in[k] = LoadFirst(d, count - i, inputs[k] + i);
    evaluate(in, out);
    for (std::size_t r = 0; r < sizeof...(E); ++r) StoreFirst(out[r], d, count - i, outputs[r] + i);
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
