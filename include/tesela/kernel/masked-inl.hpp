// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that a dropout is part of.
#if defined(TESELA_KERNEL_MASKED_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_MASKED_INL_HPP
#undef TESELA_KERNEL_MASKED_INL_HPP
#else
#define TESELA_KERNEL_MASKED_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/kernel/winograd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Program>
HWY_ATTR void masked_kernels<Program>::apply(const float* x, const std::uint32_t* keep, float* y,
                                             std::size_t features) {
  const D d;
  for (std::size_t f = 0; f < features; ++f) {
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const V v = hn::LoadU(d, x + f * block_lanes + lane);
      const V in[3] = {v, v, MaskOf<Program>(d, keep[f], lane)};
      hn::StoreU(Evaluate<typename Program::value>(d, in), d, y + f * block_lanes + lane);
    }
  }
}
template <class Program>
HWY_ATTR void masked_kernels<Program>::apply_gradient(const float* known, const std::uint32_t* keep,
                                                      const float* dy, float* dx,
                                                      std::size_t features) {
  const D d;
  const MaskedActivationGradient<Program> ending{known, keep};
  for (std::size_t f = 0; f < features; ++f) {
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const std::size_t at = f * block_lanes + lane;
      hn::StoreU(ending(d, hn::LoadU(d, dy + at), f, lane), d, dx + at);
    }
  }
}

template <class Program>
HWY_ATTR void masked_kernels<Program>::convolve(const convolution& g, const float* weights,
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
HWY_ATTR void masked_kernels<Program>::convolve_and_pool(
    const convolution& g, const pooling& pool, const float* weights, const float* bias,
    const float* x, const std::uint32_t* keep, float* window, float* y, std::uint8_t* winner) {
  static_assert(Program::from_value);
  const std::size_t pixel = g.out.channels * block_lanes;
  for (std::size_t py = 0; py < pool.out.height; ++py) {
    for (std::size_t px = 0; px < pool.out.width; ++px, y += pixel, winner += pixel) {
      for (std::size_t r = 0; r < pool.kernel.rows; ++r) {
        for (std::size_t c = 0; c < pool.kernel.columns; ++c) {
          const std::size_t oy = py * pool.stride.rows + r, ox = px * pool.stride.columns + c;
          const BiasMaskedActivation<Program> ending{
              bias, keep + (oy * g.out.width + ox) * g.out.channels, nullptr};
          ConvolvePixel(g, weights, x, oy, ox, window + (r * pool.kernel.columns + c) * pixel,
                        ending);
        }
      }
      MaxPoolPixel(window, pool.kernel.columns * pixel, pixel, pool.kernel, pixel, y, winner);
    }
  }
}
template <class Program>
HWY_ATTR void masked_kernels<Program>::convolve_data_gradient(
    const convolution& g, const float* weights, const float* dy, const float* known,
    const std::uint32_t* keep, float* dx) {
  ConvolveDataGradient(g, weights, dy, dx, [&](std::size_t pixel) HWY_ATTR {
    return MaskedActivationGradient<Program>{known + pixel * g.in.channels * block_lanes,
                                             keep + pixel * g.in.channels};
  });
}
template <class Program>
HWY_ATTR void masked_kernels<Program>::winograd_convolve(
    const convolution& g, const float* weights, const float* bias, const float* x,
    const std::uint32_t* keep, float* transposed, float* scratch, float* y, float* kept) {
  const auto ending = [=, channels = g.out.channels](std::size_t pixel) HWY_ATTR {
    float* const input = Program::from_value ? nullptr : kept + pixel * channels * block_lanes;
    return BiasMaskedActivation<Program>{bias, keep + pixel * channels, input};
  };
  WinogradConvolve<false>(g, weights, x, transposed, scratch, WinogradPixels{g.out, y, ending});
}
template <class Program>
HWY_ATTR void masked_kernels<Program>::winograd_data_gradient(
    const convolution& g, const float* weights, const float* dy, const float* known,
    const std::uint32_t* keep, float* scratch, float* dx) {
  const auto ending = [=, channels = g.in.channels](std::size_t pixel) HWY_ATTR {
    return MaskedActivationGradient<Program>{known + pixel * channels * block_lanes,
                                             keep + pixel * channels};
  };
  WinogradConvolve<true>(g, weights, dy, nullptr, scratch, WinogradPixels{g.in, dx, ending});
}
template <class Program>
HWY_ATTR void masked_kernels<Program>::max_pool_gradient(const pooling& g, const float* y,
                                                         const float* dy,
                                                         const std::uint8_t* winner,
                                                         const std::uint32_t* keep, float* dx) {
  MaskedMaxPoolGradient<Program>(g, y, dy, winner, keep, dx);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
