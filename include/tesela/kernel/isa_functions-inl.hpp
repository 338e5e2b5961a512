// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that are the same for every program.
#if defined(TESELA_KERNEL_ISA_FUNCTIONS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ISA_FUNCTIONS_INL_HPP
#undef TESELA_KERNEL_ISA_FUNCTIONS_INL_HPP
#else
#define TESELA_KERNEL_ISA_FUNCTIONS_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "tesela/core/config.hpp"
#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/cross_entropy-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/layout-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/single-inl.hpp"
#include "tesela/kernel/softmax-inl.hpp"
#include "tesela/kernel/winograd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

static_assert(isa::lanes == kLanes);

TESELA_INLINE void isa::load_block(const sample_source& source, const std::uint32_t* indices,
                                   std::size_t count, float* block) {
  LoadBlock(source, indices, count, block);
}
TESELA_INLINE void isa::transpose_rows(const convolution& g, const float* x, float* x_transposed) {
  TransposeRows(g, x, x_transposed);
}
TESELA_INLINE void isa::transpose_lanes(const float* in, std::size_t rows, float* out,
                                        std::size_t out_stride) {
  TransposeLanes(in, rows, out, out_stride);
}

TESELA_INLINE void isa::convolve_data_gradient(const convolution& g, const float* weights,
                                               const float* dy, float* dx) {
  ConvolveDataGradient(g, weights, dy, dx, [](std::size_t) HWY_ATTR { return KeepSum{}; });
}
template <bool MayDot>
void isa::convolve_weight_gradient(const convolution& g, const gradient_share& share,
                                   const float* dy, const float* x_transposed, std::size_t blocks,
                                   std::size_t block_stride, float* dweights) {
  ConvolveWeightGradient<MayDot>(g, share, dy, x_transposed, blocks, block_stride, dweights);
}
TESELA_INLINE void isa::bias_gradient(const image& out, const float* dy, std::size_t blocks,
                                      std::size_t block_stride, std::size_t row,
                                      std::size_t row_end, float* dbias) {
  BiasGradient(out, dy, blocks, block_stride, row, row_end, dbias);
}

TESELA_INLINE void isa::winograd_data_gradient(const convolution& g, const float* weights,
                                               const float* dy, float* scratch, float* dx) {
  const auto ending = [](std::size_t) HWY_ATTR { return KeepSum{}; };
  WinogradConvolve<true>(g, weights, dy, nullptr, scratch, WinogradPixels{g.in, dx, ending});
}
TESELA_INLINE void isa::winograd_gradient_tiles(const convolution& g, const float* dy,
                                                float* gradients) {
  WinogradGradientTiles(g.out, tiles_of(g.out), dy, gradients);
}
TESELA_INLINE void isa::winograd_weight_gradient(
    const convolution& g, std::size_t row, std::size_t row_end, const float* gradients,
    const float* patches_transposed, std::size_t blocks, std::size_t block_stride, float* scratch,
    float* dweights) {
  WinogradWeightGradients(g, tiles_of(g.out), row, row_end, gradients, patches_transposed, blocks,
                          block_stride, scratch, dweights);
}

TESELA_INLINE void isa::sum_blocks(const float* from, std::size_t blocks, std::size_t block_stride,
                                   std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) {
    float sum = 0;
    for (std::size_t b = 0; b < blocks; ++b) sum += from[b * block_stride + i];
    to[i] = sum;
  }
}
TESELA_INLINE void isa::max_pool(const pooling& g, const float* x, float* y,
                                 std::uint8_t* winner) {
  MaxPool(g, x, y, winner);
}
TESELA_INLINE void isa::max_pool_gradient(const pooling& g, const float* dy,
                                          const std::uint8_t* winner, float* dx) {
  MaxPoolGradient(g, dy, winner, dx, KeepSum{});
}

TESELA_INLINE void isa::single_interleave(const image& of, const float* planes, float* pixels) {
  SingleInterleave(of, planes, pixels);
}
TESELA_INLINE void isa::single_max_pool(const pooling& g, const float* x, float* y) {
  SingleMaxPool(g, x, y);
}

TESELA_INLINE void isa::softmax(std::size_t pixels, std::size_t channels, bool logarithm, const float* x,
                                float* y) {
  Softmax(pixels, channels, logarithm, x, y);
}
TESELA_INLINE void isa::softmax_gradient(std::size_t pixels, std::size_t channels, bool logarithm,
                                         const float* y, const float* dy, float* dx) {
  SoftmaxGradient(pixels, channels, logarithm, y, dy, dx);
}
TESELA_INLINE void isa::single_softmax(std::size_t pixels, std::size_t channels, bool logarithm,
                                       const float* x, float* y) {
  SingleSoftmax(pixels, channels, logarithm, x, y);
}

TESELA_INLINE loss_sum isa::softmax_cross_entropy(std::size_t classes, const float* logits,
                                                  const std::int32_t* labels, std::size_t samples,
                                                  float scale, float* dlogits) {
  return SoftmaxCrossEntropy(classes, logits, labels, samples, scale, dlogits);
}
TESELA_INLINE loss_sum isa::soft_cross_entropy(std::size_t classes, const float* logits,
                                               const class_targets& targets, std::size_t samples,
                                               float scale, float* dlogits) {
  return SoftCrossEntropy(classes, logits, targets, samples, scale, dlogits);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
