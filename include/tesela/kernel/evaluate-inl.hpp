// SPDX-License-Identifier: MIT
// Turns an expression into vector instructions: one vector of every operand in, one vector out.
//
// The program of an expression (expr/program.hpp) lists every different node once; they are computed in
// that order into registers, so an equal subexpression is never computed twice.
#if defined(TESELA_KERNEL_EVALUATE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_EVALUATE_INL_HPP
#undef TESELA_KERNEL_EVALUATE_INL_HPP
#else
#define TESELA_KERNEL_EVALUATE_INL_HPP
#endif

#include <cstddef>

#include "tesela/expr/expression.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/kernel/functions-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// All nodes' values of one vector. `in` are the operands, `numbers` the parameters.
template <class Program>
class Evaluation {
 public:
  HWY_INLINE Evaluation(D d, const V* in, const V* numbers) { From<0>(d, in, numbers); }

  template <class Node>
  HWY_INLINE const auto& Value() const {
    if constexpr (expr::is_condition<Node>) {
      return mask_[Program::template index<Node>];
    } else {
      return value_[Program::template index<Node>];
    }
  }

 private:
  static constexpr std::size_t kNodes = Program::nodes::size;

  template <std::size_t I>
  HWY_INLINE void From(D d, const V* in, const V* numbers) {
    if constexpr (I < kNodes) {
      using node = meta::at<typename Program::nodes, I>;
      if constexpr (expr::is_condition<node>) {
        mask_[I] = Compute(d, in, numbers, node{});
      } else {
        value_[I] = Compute(d, in, numbers, node{});
      }
      From<I + 1>(d, in, numbers);
    }
  }

  template <std::size_t I>
  HWY_INLINE V Compute(D, const V* in, const V*, expr::operand<I>) const {
    return in[I];
  }
  template <std::size_t K>
  HWY_INLINE V Compute(D, const V*, const V* numbers, expr::parameter<K>) const {
    return numbers[K];
  }
  template <std::uint32_t Bits>
  HWY_INLINE V Compute(D d, const V*, const V*, expr::literal<Bits>) const {
    return hn::Set(d, expr::literal<Bits>::value);
  }
  template <class Op, class A>
  HWY_INLINE auto Compute(D d, const V*, const V*, expr::unary<Op, A>) const {
    return Apply(Op{}, d, Value<A>());
  }
  template <class Op, class A, class B>
  HWY_INLINE auto Compute(D d, const V*, const V*, expr::binary<Op, A, B>) const {
    return Apply(Op{}, d, Value<A>(), Value<B>());
  }
  template <class Op, class A, class B, class C>
  HWY_INLINE auto Compute(D d, const V*, const V*, expr::ternary<Op, A, B, C>) const {
    return Apply(Op{}, d, Value<A>(), Value<B>(), Value<C>());
  }

  V value_[kNodes];
  M mask_[kNodes];
};

// One expression without parameters, such as an activation.
template <class E, std::size_t Operands>
HWY_INLINE V Evaluate(D d, const V (&in)[Operands]) {
  if constexpr (std::is_same_v<E, expr::operand<0>>) {
    return in[0];
  } else {
    return Evaluation<expr::program<E>>(d, in, in).template Value<E>();
  }
}

template <class... E, std::size_t Inputs>
HWY_INLINE void EvaluateResults(meta::list<E...>, D d, const V (&in)[Inputs], const V* numbers,
                                V (&out)[sizeof...(E)]) {
  const Evaluation<expr::program<E...>> values(d, in, numbers);
  std::size_t r = 0;
  ((out[r++] = values.template Value<E>()), ...);
}

// outputs[r][i] = result r of inputs[0..][i], for i < count, in one pass over memory. Outputs may be
// inputs; nothing behind `count` is touched.
template <class Lifted, std::size_t Inputs, std::size_t Outputs>
HWY_ATTR void EvaluateLoop(const Lifted& lifted, const float* const (&inputs)[Inputs],
                           float* const (&outputs)[Outputs], std::size_t count) {
  const D d;
  // Copies, because a vector store may alias anything: pointers and numbers would be read again after
  // every one.
  const float* from[Inputs];
  float* to[Outputs];
  V numbers[std::tuple_size_v<decltype(lifted.numbers)>];
  for (std::size_t k = 0; k < Inputs; ++k) from[k] = inputs[k];
  for (std::size_t r = 0; r < Outputs; ++r) to[r] = outputs[r];
  for (std::size_t k = 0; k < lifted.numbers.size(); ++k) numbers[k] = hn::Set(d, lifted.numbers[k]);

  V in[Inputs], out[Outputs];
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (std::size_t k = 0; k < Inputs; ++k) in[k] = hn::LoadU(d, from[k] + i);
    EvaluateResults(typename Lifted::list{}, d, in, numbers, out);
    for (std::size_t r = 0; r < Outputs; ++r) hn::StoreU(out[r], d, to[r] + i);
  }
  if (i < count) {
    for (std::size_t k = 0; k < Inputs; ++k) in[k] = LoadFirst(d, count - i, from[k] + i);
    EvaluateResults(typename Lifted::list{}, d, in, numbers, out);
    for (std::size_t r = 0; r < Outputs; ++r) StoreFirst(out[r], d, count - i, to[r] + i);
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
