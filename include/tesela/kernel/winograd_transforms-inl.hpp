// SPDX-License-Identifier: MIT
// The transforms of Winograd's convolution F(4x4, 3x3) with points 0, 1, -1, 2, -2 and infinity (Lavin and
// Gray 2016): along one direction, and along both.
#if defined(TESELA_KERNEL_WINOGRAD_TRANSFORMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_WINOGRAD_TRANSFORMS_INL_HPP
#undef TESELA_KERNEL_WINOGRAD_TRANSFORMS_INL_HPP
#else
#define TESELA_KERNEL_WINOGRAD_TRANSFORMS_INL_HPP
#endif

#include <cstddef>

#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// The one-dimensional transforms: from kFrom to kTo vectors, every `step`-th of an array.

// B^T d, 6 -> 6.
struct WinogradInput {
  static constexpr std::size_t kFrom = 6, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V two = hn::Set(d, 2.0f), four = hn::Set(d, 4.0f), five = hn::Set(d, 5.0f);
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step], x4 = x[4 * step],
            x5 = x[5 * step];
    const V even = hn::NegMulAdd(four, x2, x4);                 // x4 - 4 x2
    const V odd = hn::NegMulAdd(four, x1, x3);                  // x3 - 4 x1
    const V even2 = hn::Sub(x4, x2);                            // x4 - x2
    const V odd2 = hn::Mul(two, hn::Sub(x3, x1));               // 2 (x3 - x1)
    y[0] = hn::Add(hn::NegMulAdd(five, x2, x4), hn::Mul(four, x0));
    y[y_step] = hn::Add(even, odd);
    y[2 * y_step] = hn::Sub(even, odd);
    y[3 * y_step] = hn::Add(even2, odd2);
    y[4 * y_step] = hn::Sub(even2, odd2);
    y[5 * y_step] = hn::Add(hn::NegMulAdd(five, x3, x5), hn::Mul(four, x1));
  }
};

// A^T m, 6 -> 4.
struct WinogradOutput {
  static constexpr std::size_t kFrom = 6, kTo = 4;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V sum1 = hn::Add(x[step], x[2 * step]), difference1 = hn::Sub(x[step], x[2 * step]);
    const V sum2 = hn::Add(x[3 * step], x[4 * step]), difference2 = hn::Sub(x[3 * step], x[4 * step]);
    const V x0 = x[0], x5 = x[5 * step];
    y[0] = hn::Add(x0, hn::Add(sum1, sum2));
    y[y_step] = hn::MulAdd(hn::Set(d, 2.0f), difference2, difference1);
    y[2 * y_step] = hn::MulAdd(hn::Set(d, 4.0f), sum2, sum1);
    y[3 * y_step] = hn::Add(hn::MulAdd(hn::Set(d, 8.0f), difference2, difference1), x5);
  }
};

// A y, 4 -> 6: the transpose of the one above, for the gradient.
struct WinogradOutputGradient {
  static constexpr std::size_t kFrom = 4, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step], x3 = x[3 * step];
    const V even1 = hn::Add(x0, x2), odd1 = hn::Add(x1, x3);
    const V even2 = hn::MulAdd(hn::Set(d, 4.0f), x2, x0);
    const V odd2 = hn::MulAdd(hn::Set(d, 8.0f), x3, hn::Add(x1, x1));
    y[0] = x0;
    y[y_step] = hn::Add(even1, odd1);
    y[2 * y_step] = hn::Sub(even1, odd1);
    y[3 * y_step] = hn::Add(even2, odd2);
    y[4 * y_step] = hn::Sub(even2, odd2);
    y[5 * y_step] = x3;
  }
};

// G w, 3 -> 6.
struct WinogradWeight {
  static constexpr std::size_t kFrom = 3, kTo = 6;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x1 = x[step], x2 = x[2 * step];
    const V sixth = hn::Set(d, -1.0f / 6), outer = hn::Mul(sixth, hn::Add(x0, x2));
    const V inner = hn::Mul(sixth, x1);
    const V wide = hn::MulAdd(hn::Set(d, 1.0f / 24), x0, hn::Mul(hn::Set(d, 1.0f / 6), x2));
    const V half = hn::Mul(hn::Set(d, 1.0f / 12), x1);
    y[0] = hn::Mul(hn::Set(d, 0.25f), x0);
    y[y_step] = hn::Add(outer, inner);
    y[2 * y_step] = hn::Sub(outer, inner);
    y[3 * y_step] = hn::Add(wide, half);
    y[4 * y_step] = hn::Sub(wide, half);
    y[5 * y_step] = x2;
  }
};

// G^T u, 6 -> 3: the transpose of the one above, for the gradient.
struct WinogradWeightGradient {
  static constexpr std::size_t kFrom = 6, kTo = 3;
  static HWY_INLINE void Apply(D d, const V* x, std::size_t step, V* y, std::size_t y_step) {
    const V x0 = x[0], x5 = x[5 * step];
    const V sum1 = hn::Add(x[step], x[2 * step]), difference1 = hn::Sub(x[step], x[2 * step]);
    const V sum2 = hn::Add(x[3 * step], x[4 * step]), difference2 = hn::Sub(x[3 * step], x[4 * step]);
    const V sixth = hn::Set(d, -1.0f / 6);
    const V outer = hn::Mul(sixth, sum1);
    y[0] = hn::MulAdd(hn::Set(d, 0.25f), x0, hn::MulAdd(hn::Set(d, 1.0f / 24), sum2, outer));
    y[y_step] = hn::MulAdd(hn::Set(d, 1.0f / 12), difference2, hn::Mul(sixth, difference1));
    y[2 * y_step] = hn::Add(hn::MulAdd(hn::Set(d, 1.0f / 6), sum2, outer), x5);
  }
};

// Both directions: columns of a square array, then rows.
template <class Transform>
HWY_INLINE void Transform2D(D d, const V (&x)[Transform::kFrom * Transform::kFrom],
                            V (&y)[Transform::kTo * Transform::kTo]) {
  constexpr std::size_t kFrom = Transform::kFrom, kTo = Transform::kTo;
  V half[kTo * kFrom];
  for (std::size_t c = 0; c < kFrom; ++c) Transform::Apply(d, x + c, kFrom, half + c, kFrom);
  for (std::size_t r = 0; r < kTo; ++r) Transform::Apply(d, half + r * kFrom, 1, y + r * kTo, 1);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
