// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that a dropout or an affine map is part of.
#if defined(TESELA_KERNEL_AROUND_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_AROUND_INL_HPP
#undef TESELA_KERNEL_AROUND_INL_HPP
#else
#define TESELA_KERNEL_AROUND_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tesela/expr/program.hpp"
#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/pooled_convolution-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/kernel/winograd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Program>
HWY_ATTR void around_kernels<Program>::apply(const float* x, const float* weights,
                                             const std::uint32_t* keep, float* y, std::size_t pixels,
                                             std::size_t channels) {
  const D d;
  for (std::size_t row = 0; row < pixels * channels; ++row) {
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const std::size_t at = row * block_lanes + lane;
      const V v = hn::LoadU(d, x + at);
      const V mask = MaskOf<Program>(d, keep, row, lane);
      hn::StoreU(ProgramOf<Program>(d, v, weights, row % channels, mask), d, y + at);
    }
  }
}
template <class Program>
void around_kernels<Program>::apply_single(const float* x, const float* weights, float* y,
                                           std::size_t pixels) {
  using value = expr::replace<expr::replace<typename Program::value, expr::operand<3>, expr::operand<1>>,
                              expr::operand<4>, expr::operand<2>>;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t at = pixel * Program::channels;
    EvaluateLoop(expr::fixed_results<value>{}, {x + at, weights, weights + Program::pitch}, {y + at},
                 Program::channels);
  }
}

template <class Program>
HWY_ATTR void around_kernels<Program>::convolve(const convolution& g, const float* weights,
                                                const float* bias, const float* x,
                                                const std::uint32_t* keep, float* y, float* kept) {
  const std::size_t size = g.out.channels * block_lanes;
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    for (std::size_t ox = 0; ox < g.out.width; ++ox, y += size, keep += g.out.channels) {
      ConvolvePixel(g, weights, x, oy, ox, y, BiasMaskedActivation<Program>{bias, keep, kept});
      if constexpr (!Program::from_value) kept += size;
    }
  }
}
template <class Program>
HWY_ATTR void around_kernels<Program>::convolve_and_pool(
    const convolution& g, const pooling& pool, const float* weights, const float* bias,
    const float* x, const std::uint32_t* keep, float* window, float* y, std::uint8_t* winner, float* kept) {
  ConvolveAndPool(g, pool, weights, x, window, y, winner, [=, &g](std::size_t pixel) HWY_ATTR {
    float* const input = Program::from_value ? nullptr : kept + pixel * g.out.channels * block_lanes;
    return BiasMaskedActivation<Program>{bias, keep + pixel * g.out.channels, input};
  });
}
template <class Program>
HWY_ATTR void around_kernels<Program>::winograd_convolve(
    const convolution& g, const float* weights, const float* bias, const float* x,
    const std::uint32_t* keep, float* transposed, float* scratch, float* y, float* kept) {
  const auto ending = [=, channels = g.out.channels](std::size_t pixel) HWY_ATTR {
    float* const input = Program::from_value ? nullptr : kept + pixel * channels * block_lanes;
    return BiasMaskedActivation<Program>{bias, keep + pixel * channels, input};
  };
  WinogradConvolve<false>(g, weights, x, transposed, scratch, WinogradPixels{g.out, y, ending});
}

template <class Program>
HWY_ATTR void around_kernels<Program>::convolve_data_gradient(
    const convolution& g, const float* weights, const float* dy, const float* known,
    const std::uint32_t* keep, float* dx) {
  ConvolveDataGradient(g, weights, dy, dx, [&](std::size_t pixel) HWY_ATTR {
    return MaskedActivationGradient<Program>{known + pixel * g.in.channels * block_lanes,
                                             keep + pixel * g.in.channels};
  });
}
template <class Program>
HWY_ATTR void around_kernels<Program>::winograd_data_gradient(
    const convolution& g, const float* weights, const float* dy, const float* known,
    const std::uint32_t* keep, float* scratch, float* dx) {
  const auto ending = [=, channels = g.in.channels](std::size_t pixel) HWY_ATTR {
    return MaskedActivationGradient<Program>{known + pixel * channels * block_lanes,
                                             keep + pixel * channels};
  };
  WinogradConvolve<true>(g, weights, dy, nullptr, scratch, WinogradPixels{g.in, dx, ending});
}

// Gradients of a group of channels, whose rows of a pixel are one piece of memory: those of weights and
// biases are summed while pixels are passed by, a vector of sums each.
template <class Program>
class AroundGradient {
 public:
  static constexpr std::size_t kGroup = 32;

  HWY_INLINE AroundGradient(D d, const float* weights, const std::uint32_t* keep, std::size_t first,
                            std::size_t channels)
      : weights_(weights), keep_(keep), first_(first), channels_(channels),
        count_(std::min(kGroup, channels - first)) {
    for (std::size_t c = 0; c < kGroup; ++c) weight_sum_[c] = bias_sum_[c] = hn::Zero(d);
  }
  // Its floats of a pixel: the first, and how many.
  std::size_t Begin() const { return first_ * block_lanes; }
  std::size_t Size() const { return count_ * block_lanes; }

  // The group's rows of one pixel: from what is known, and the gradient of the program's value at a place,
  // to the gradient of the input. dx may be null.
  template <class Gradient>
  HWY_INLINE void Rows(D d, const float* HWY_RESTRICT known, std::size_t pixel, const Gradient& gradient,
                       float* HWY_RESTRICT dx) {
    const std::size_t at = pixel * channels_ * block_lanes + Begin();
    for (std::size_t c = 0; c < count_; ++c) {
      for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
        const std::size_t i = c * block_lanes + lane;
        const V v = hn::LoadU(d, known + at + i), g = gradient(i);
        const V mask = MaskOf<Program>(d, keep_, pixel * channels_ + first_ + c, lane);
        if constexpr (kIsAffine<Program>) {
          using results = meta::list<typename Program::gradient,
                                     typename Program::template gradient_by<expr::operand<3>>,
                                     typename Program::template gradient_by<expr::operand<4>>>;
          const V in[5] = {v, g, mask, hn::Set(d, weights_[first_ + c]),
                           hn::Set(d, weights_[Program::pitch + first_ + c])};
          V out[3];
          EvaluateResults(results{}, d, in, in, out);
          if (dx != nullptr) hn::StoreU(out[0], d, dx + at + i);
          weight_sum_[c] = hn::Add(weight_sum_[c], out[1]);
          bias_sum_[c] = hn::Add(bias_sum_[c], out[2]);
        } else {
          const V in[3] = {v, g, mask};
          hn::StoreU(Evaluate<typename Program::gradient>(d, in), d, dx + at + i);
        }
      }
    }
  }

  HWY_INLINE void Store(float* sums) const {
    if constexpr (kIsAffine<Program>) {
      for (std::size_t c = 0; c < count_; ++c) {
        sums[first_ + c] = SumOf(weight_sum_[c]);
        sums[Program::pitch + first_ + c] = SumOf(bias_sum_[c]);
      }
    }
  }

 private:
  const float* weights_;
  const std::uint32_t* keep_;
  std::size_t first_, channels_, count_;
  V weight_sum_[kGroup], bias_sum_[kGroup];
};

template <class Program>
HWY_ATTR void around_kernels<Program>::gradient(const float* known, const float* weights,
                                                const std::uint32_t* keep, const float* dy, float* dx,
                                                float* sums, std::size_t pixels, std::size_t channels) {
  const D d;
  using Group = AroundGradient<Program>;
  for (std::size_t first = 0; first < channels; first += Group::kGroup) {
    Group group(d, weights, keep, first, channels);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const float* from = dy + pixel * channels * block_lanes + group.Begin();
      group.Rows(d, known, pixel, [&](std::size_t i) HWY_ATTR { return hn::LoadU(d, from + i); }, dx);
    }
    group.Store(sums);
  }
}

// Pixel by pixel, in the order of `gradient`, so that the sums are the same as where nothing is fused.
template <class Program>
HWY_ATTR void around_kernels<Program>::max_pool_gradient(const pooling& g, const float* known,
                                                         const float* weights, const std::uint32_t* keep,
                                                         const float* dy, const std::uint8_t* winner,
                                                         float* dx, float* sums) {
  const D d;
  using Group = AroundGradient<Program>;
  if constexpr (Program::from_value) {
    MaskedMaxPoolGradient<Program>(g, known, dy, winner, keep, dx);
  } else {
    for (std::size_t first = 0; first < g.in.channels; first += Group::kGroup) {
      Group group(d, weights, keep, first, g.in.channels);
      const auto rows = [&](std::size_t pixel, const auto& gradient) HWY_ATTR {
        group.Rows(d, known, pixel, gradient, dx);
      };
      MaxPoolGather(g, dy, winner, group.Begin(), group.Size(), dx, rows);
      group.Store(sums);
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
