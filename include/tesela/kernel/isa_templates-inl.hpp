// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that mathematics of the user's own may be part of: activations,
// optimisers, expressions.
#if defined(TESELA_KERNEL_ISA_TEMPLATES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ISA_TEMPLATES_INL_HPP
#undef TESELA_KERNEL_ISA_TEMPLATES_INL_HPP
#else
#define TESELA_KERNEL_ISA_TEMPLATES_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "tesela/kernel/around-inl.hpp"
#include "tesela/kernel/compiled.hpp"
#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/pooled_convolution-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/single-inl.hpp"
#include "tesela/kernel/tensor-inl.hpp"
#include "tesela/kernel/winograd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Activation>
void activation_kernels<Activation>::apply(const float* x, float* y, std::size_t count) {
  EvaluateLoop(expr::fixed_results<typename Activation::value>{}, {x}, {y}, count);
}
template <class Activation>
void activation_kernels<Activation>::apply_gradient(const float* known, const float* dy, float* dx,
                                                    std::size_t count) {
  EvaluateLoop(expr::fixed_results<typename Activation::gradient>{}, {known, dy}, {dx}, count);
}

template <class Activation>
void activation_kernels<Activation>::convolve(const convolution& g, const float* weights,
                                              const float* bias, const float* x, float* y,
                                              float* kept) {
  const std::size_t size = g.out.channels * block_lanes;
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    for (std::size_t ox = 0; ox < g.out.width; ++ox, y += size) {
      if constexpr (!Activation::from_value) {
        if (kept != nullptr) {
          ConvolvePixel(g, weights, x, oy, ox, y,
                        BiasActivationKeepingInput<Activation>{bias, kept});
          kept += size;
          continue;
        }
      }
      ConvolvePixel(g, weights, x, oy, ox, y, BiasActivation<Activation>{bias});
    }
  }
}
template <class Activation>
void activation_kernels<Activation>::convolve_and_pool(const convolution& g, const pooling& pool,
                                                       const float* weights, const float* bias,
                                                       const float* x, float* window, float* y,
                                                       std::uint8_t* winner, float* kept) {
  if constexpr (!Activation::from_value) {
    if (kept != nullptr) {
      const auto ending = [=, size = g.out.channels * block_lanes](std::size_t pixel) HWY_ATTR {
        return BiasActivationKeepingInput<Activation>{bias, kept + pixel * size};
      };
      ConvolveAndPool(g, pool, weights, x, window, y, winner, ending);
      return;
    }
  }
  const auto ending = [=](std::size_t) HWY_ATTR { return BiasActivation<Activation>{bias}; };
  ConvolveAndPool(g, pool, weights, x, window, y, winner, ending);
}
template <class Activation>
void activation_kernels<Activation>::convolve_data_gradient(const convolution& g,
                                                            const float* weights, const float* dy,
                                                            const float* known, float* dx) {
  ConvolveDataGradient(g, weights, dy, dx, [&](std::size_t pixel) HWY_ATTR {
    return ActivationGradient<Activation>{known + pixel * g.in.channels * block_lanes};
  });
}

template <class Activation>
void activation_kernels<Activation>::winograd_convolve(const convolution& g, const float* weights,
                                                       const float* bias, const float* x,
                                                       float* transposed, float* scratch, float* y,
                                                       float* kept) {
  if constexpr (!Activation::from_value) {
    if (kept != nullptr) {
      const auto ending = [=, size = g.out.channels * block_lanes](std::size_t pixel) HWY_ATTR {
        return BiasActivationKeepingInput<Activation>{bias, kept + pixel * size};
      };
      WinogradConvolve<false>(g, weights, x, transposed, scratch, WinogradPixels{g.out, y, ending});
      return;
    }
  }
  const auto ending = [=](std::size_t) HWY_ATTR { return BiasActivation<Activation>{bias}; };
  WinogradConvolve<false>(g, weights, x, transposed, scratch, WinogradPixels{g.out, y, ending});
}
template <class Activation>
void activation_kernels<Activation>::winograd_convolve_and_pool(
    const convolution& g, const pooling& pool, const float* weights, const float* bias,
    const float* x, float* transposed, float* scratch, float* y, std::uint8_t* winner) {
  WinogradConvolve<false>(g, weights, x, transposed, scratch,
                          WinogradWindows{pool, y, winner, BiasActivation<Activation>{bias}});
}
template <class Activation>
void activation_kernels<Activation>::winograd_data_gradient(const convolution& g,
                                                            const float* weights, const float* dy,
                                                            const float* known, float* scratch,
                                                            float* dx) {
  const auto ending = [known, size = g.in.channels * block_lanes](std::size_t pixel) HWY_ATTR {
    return ActivationGradient<Activation>{known + pixel * size};
  };
  WinogradConvolve<true>(g, weights, dy, nullptr, scratch, WinogradPixels{g.in, dx, ending});
}

template <class Activation>
void activation_kernels<Activation>::max_pool_gradient(const pooling& g, const float* known,
                                                       const float* dy, const std::uint8_t* winner,
                                                       float* dx) {
  if constexpr (Activation::from_value) {
    MaxPoolGradient(g, dy, winner, dx, ActivationGradient<Activation>{known});
  } else {
    const D d;
    const std::size_t size = g.in.channels * block_lanes;
    const auto rows = [&](std::size_t pixel, const auto& gradient) HWY_ATTR {
      const ActivationGradient<Activation> ending{known + pixel * size};
      for (std::size_t i = 0; i < size; i += kLanes) {
        hn::StoreU(ending(d, gradient(i), 0, i), d, dx + pixel * size + i);
      }
    };
    MaxPoolGather(g, dy, winner, 0, size, dx, rows);
  }
}

template <class Activation>
void activation_kernels<Activation>::single_planes(const convolution& g, const pooling& pool,
                                                   const float* weights, const float* bias,
                                                   const float* sample, float* padded,
                                                   float* planes, float* y) {
  SinglePad(g, sample, padded);
  SinglePlanes(g, weights, padded, planes, BiasActivation<Activation>{bias});
  SinglePoolPlanes(pool, planes, planar_output_row(g), y);
}
template <class Activation>
void activation_kernels<Activation>::single_linear(const convolution& g, const float* weights,
                                                   const float* bias, const float* x, float* y) {
  SingleDots(g, weights, x, y);
  SingleFinish<Activation>(g.out, bias, y);
}
template <class Activation>
void activation_kernels<Activation>::single_convolve(const convolution& g, const float* weights,
                                                     const float* bias, const float* x,
                                                     float* padded, float* y) {
  if (single_padded_floats(g) != 0) SinglePadPixels(g, x, padded);
  SinglePanels(g, weights, single_padded_floats(g) != 0 ? padded : x, y);
  SingleFinish<Activation>(g.out, bias, y);
}

template <class Lifted, std::size_t Inputs, std::size_t Outputs>
void isa::evaluate(const Lifted& lifted, const float* const (&inputs)[Inputs],
                   float* const (&outputs)[Outputs], std::size_t count) {
  EvaluateLoop(lifted, inputs, outputs, count);
}
template <class Plan>
template <class Arrays>
void tensor_kernels<Plan>::run(const Arrays& arrays, const float* numbers, float* room,
                               float* const* results, std::size_t threads) {
  TensorProgram<Plan>::Run(arrays, numbers, room, results, threads);
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#ifndef TESELA_KERNEL_TEMPLATES_ARE_HERE
#define TESELA_KERNEL_TEMPLATES_ARE_HERE
template <class Mathematics>
struct tesela::detail::kernel_templates {};
#endif

#endif  // toggled guard
