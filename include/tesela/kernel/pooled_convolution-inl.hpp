// SPDX-License-Identifier: MIT
// A convolution and the max pooling of its results in one: the pixels of a window are computed into a small
// buffer and leave it as one. For windows that do not overlap: where they do, pixels would be computed anew.
#if defined(TESELA_KERNEL_POOLED_CONVOLUTION_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_POOLED_CONVOLUTION_INL_HPP
#undef TESELA_KERNEL_POOLED_CONVOLUTION_INL_HPP
#else
#define TESELA_KERNEL_POOLED_CONVOLUTION_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// `window` has room for kernel.size() pixels; ending(pixel) ends the sums of one. `winner` may be null.
template <class Ending>
HWY_ATTR void ConvolveAndPool(const convolution& g, const pooling& pool, const float* weights,
                              const float* x, float* window, float* y, std::uint8_t* winner,
                              const Ending& ending) {
  const std::size_t pixel = g.out.channels * block_lanes;
  for (std::size_t py = 0; py < pool.out.height; ++py) {
    for (std::size_t px = 0; px < pool.out.width; ++px, y += pixel) {
      for (std::size_t r = 0; r < pool.kernel.rows; ++r) {
        for (std::size_t c = 0; c < pool.kernel.columns; ++c) {
          const std::size_t oy = py * pool.stride.rows + r, ox = px * pool.stride.columns + c;
          ConvolvePixel(g, weights, x, oy, ox, window + (r * pool.kernel.columns + c) * pixel,
                        ending(oy * g.out.width + ox));
        }
      }
      WithWindow(pool.kernel, [&](const auto& kernel) HWY_ATTR {
        MaxPoolPixel(window, kernel.columns * pixel, pixel, kernel, pixel, y, winner);
      });
      if (winner != nullptr) winner += pixel;
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
