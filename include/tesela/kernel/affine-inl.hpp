// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that an affine map (layer/affine.hpp) is part of.
#if defined(TESELA_KERNEL_AFFINE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_AFFINE_INL_HPP
#undef TESELA_KERNEL_AFFINE_INL_HPP
#else
#define TESELA_KERNEL_AFFINE_INL_HPP
#endif

#include <cstddef>

#include "tesela/expr/program.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Program>
HWY_ATTR void affine_kernels<Program>::apply(const float* x, const float* weights, float* y,
                                             std::size_t pixels) {
  const D d;
  for (std::size_t row = 0; row < pixels * Program::channels; ++row) {
    const std::size_t channel = row % Program::channels;
    const V weight = hn::Set(d, weights[channel]);
    const V bias = hn::Set(d, weights[Program::pitch + channel]);
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const V v = hn::LoadU(d, x + row * block_lanes + lane);
      const V in[5] = {v, v, v, weight, bias};
      hn::StoreU(Evaluate<typename Program::value>(d, in), d, y + row * block_lanes + lane);
    }
  }
}

template <class Program>
HWY_ATTR void affine_kernels<Program>::gradient(const float* x, const float* weights, const float* dy,
                                                float* dx, float* sums, std::size_t pixels) {
  const D d;
  using results = meta::list<typename Program::gradient, typename Program::weight_gradient,
                             typename Program::bias_gradient>;
  for (std::size_t channel = 0; channel < Program::channels; ++channel) {
    V in[5] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Set(d, weights[channel]),
               hn::Set(d, weights[Program::pitch + channel])};
    V weight_sum = hn::Zero(d), bias_sum = hn::Zero(d);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const std::size_t row = (pixel * Program::channels + channel) * block_lanes;
      for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
        V out[3];
        in[0] = hn::LoadU(d, x + row + lane);
        in[1] = hn::LoadU(d, dy + row + lane);
        EvaluateResults(results{}, d, in, in, out);
        if (dx != nullptr) hn::StoreU(out[0], d, dx + row + lane);
        weight_sum = hn::Add(weight_sum, out[1]);
        bias_sum = hn::Add(bias_sum, out[2]);
      }
    }
    sums[channel] = SumOf(weight_sum);
    sums[Program::pitch + channel] = SumOf(bias_sum);
  }
}

template <class Program>
void affine_kernels<Program>::apply_single(const float* x, const float* weights, float* y,
                                           std::size_t pixels) {
  using value = expr::replace<expr::replace<typename Program::value, expr::operand<3>, expr::operand<1>>,
                              expr::operand<4>, expr::operand<2>>;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t at = pixel * Program::channels;
    EvaluateLoop(expr::fixed_results<value>{}, {x + at, weights, weights + Program::pitch}, {y + at},
                 Program::channels);
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
