// SPDX-License-Identifier: MIT
// Softmax of every pixel's channels, or its logarithm, forward and back.
//
//   y_c = exp(x_c - m) / s                 dx_c = y_c (g_c - sum over k of g_k y_k)
//   y_c = x_c - m - log(s)                 dx_c = g_c - exp(y_c) (sum over k of g_k)
//
// with m = max over c of x_c, so that nothing overflows, and s = sum over c of exp(x_c - m). Three sweeps over
// the channels forward and two back; the gradients need the values alone.
#if defined(TESELA_KERNEL_SOFTMAX_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_SOFTMAX_INL_HPP
#undef TESELA_KERNEL_SOFTMAX_INL_HPP
#else
#define TESELA_KERNEL_SOFTMAX_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <limits>

#include "tesela/kernel/functions-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Of a block: [pixel][channel][lane].
inline HWY_ATTR void Softmax(std::size_t pixels, std::size_t channels, bool logarithm, const float* x,
                             float* y) {
  const D d;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const std::size_t first = pixel * channels * block_lanes + lane;
      const auto at = [&](std::size_t c) { return first + c * block_lanes; };
      V largest = hn::LoadU(d, x + first);
      for (std::size_t c = 1; c < channels; ++c) {
        largest = Apply(expr::op::maximum{}, d, largest, hn::LoadU(d, x + at(c)));
      }
      V total = hn::Zero(d);
      for (std::size_t c = 0; c < channels; ++c) {
        const V shifted = hn::Sub(hn::LoadU(d, x + at(c)), largest);
        const V e = Apply(expr::op::exp{}, d, shifted);
        total = hn::Add(total, e);
        hn::StoreU(logarithm ? shifted : e, d, y + at(c));
      }
      const V divisor = logarithm ? Apply(expr::op::log{}, d, total) : total;
      for (std::size_t c = 0; c < channels; ++c) {
        const V v = hn::LoadU(d, y + at(c));
        hn::StoreU(logarithm ? hn::Sub(v, divisor) : hn::Div(v, divisor), d, y + at(c));
      }
    }
  }
}

inline HWY_ATTR void SoftmaxGradient(std::size_t pixels, std::size_t channels, bool logarithm,
                                     const float* y, const float* dy, float* dx) {
  const D d;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const std::size_t first = pixel * channels * block_lanes + lane;
      const auto at = [&](std::size_t c) { return first + c * block_lanes; };
      V total = hn::Zero(d);
      for (std::size_t c = 0; c < channels; ++c) {
        const V g = hn::LoadU(d, dy + at(c));
        total = logarithm ? hn::Add(total, g) : hn::MulAdd(g, hn::LoadU(d, y + at(c)), total);
      }
      for (std::size_t c = 0; c < channels; ++c) {
        const V v = hn::LoadU(d, y + at(c)), g = hn::LoadU(d, dy + at(c));
        const V back = logarithm ? hn::NegMulAdd(Apply(expr::op::exp{}, d, v), total, g)
                                 : hn::Mul(v, hn::Sub(g, total));
        hn::StoreU(back, d, dx + at(c));
      }
    }
  }
}

// Of one sample, [pixel][channel].
inline HWY_ATTR void SingleSoftmax(std::size_t pixels, std::size_t channels, bool logarithm, const float* x,
                                   float* y) {
  const D d;
  const V lowest = hn::Set(d, -std::numeric_limits<float>::infinity());
  for (std::size_t pixel = 0; pixel < pixels; ++pixel, x += channels, y += channels) {
    V largest = lowest;
    for (std::size_t c = 0; c < channels; c += kLanes) {
      const auto valid = hn::FirstN(d, channels - c);
      const V v = hn::IfThenElse(valid, LoadFirst(d, std::min(kLanes, channels - c), x + c), lowest);
      largest = Apply(expr::op::maximum{}, d, largest, v);
    }
    HWY_ALIGN float lanes[kLanes];
    hn::Store(largest, d, lanes);
    float most = lanes[0];
    for (std::size_t i = 1; i < kLanes; ++i) most = lanes[i] > most || lanes[i] != lanes[i] ? lanes[i] : most;
    largest = hn::Set(d, most);
    V sums = hn::Zero(d);
    for (std::size_t c = 0; c < channels; c += kLanes) {
      const std::size_t count = std::min(kLanes, channels - c);
      const V shifted = hn::Sub(LoadFirst(d, count, x + c), largest);
      const V e = Apply(expr::op::exp{}, d, shifted);
      sums = hn::Add(sums, hn::IfThenElseZero(hn::FirstN(d, count), e));
      StoreFirst(logarithm ? shifted : e, d, count, y + c);
    }
    const V total = hn::Set(d, SumOf(sums));
    const V divisor = logarithm ? Apply(expr::op::log{}, d, total) : total;
    for (std::size_t c = 0; c < channels; c += kLanes) {
      const std::size_t count = std::min(kLanes, channels - c);
      const V v = LoadFirst(d, count, y + c);
      StoreFirst(logarithm ? hn::Sub(v, divisor) : hn::Div(v, divisor), d, count, y + c);
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
