// SPDX-License-Identifier: MIT
// What happens to a sum of products before it is stored: bias and activation on the way forward, the
// activation's derivative on the way back. An ending sees a vector while it is still in a register.
//
// An activation is a type with two static functions that build expressions:
//   forward(x)      the value
//   backward(y, g)  the gradient of the input, from the value y and the gradient g of y
#if defined(TESELA_KERNEL_ENDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ENDING_INL_HPP
#undef TESELA_KERNEL_ENDING_INL_HPP
#else
#define TESELA_KERNEL_ENDING_INL_HPP
#endif

#include <cstddef>

#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// The sum itself.
struct KeepSum {
  HWY_INLINE V operator()(D, V sum, std::size_t /*row*/, std::size_t /*column*/) const {
    return sum;
  }
};

template <class Activation>
struct BiasActivation {
  const float* bias;  // one number a row

  HWY_INLINE V operator()(D d, V sum, std::size_t row, std::size_t /*column*/) const {
    const V in[1] = {hn::Add(sum, hn::Set(d, bias[row]))};
    return Evaluate(d, Activation::forward(expr::operand<0>{}), in);
  }
};

template <class Activation>
struct ActivationGradient {
  const float* value;  // the activation's result, laid out like the gradient: [row][lane]

  HWY_INLINE V operator()(D d, V gradient, std::size_t row, std::size_t column) const {
    const V in[2] = {hn::LoadU(d, value + row * block_lanes + column), gradient};
    return Evaluate(d, Activation::backward(expr::operand<0>{}, expr::operand<1>{}), in);
  }
};

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
