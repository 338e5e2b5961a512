// SPDX-License-Identifier: MIT
// All kernels of one instruction set behind one type, `isa`; the only kernel header others include.
//
// What lies above takes the type as a template parameter, so code built for different instruction sets
// has different symbols and may live in one program. `static_isa` is the best one that the compiler's
// flags allow.
#if defined(TESELA_KERNEL_ISA_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ISA_INL_HPP
#undef TESELA_KERNEL_ISA_INL_HPP
#else
#define TESELA_KERNEL_ISA_INL_HPP
#endif

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/cross_entropy-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/layout-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/single-inl.hpp"
#include "tesela/kernel/tensor-inl.hpp"
#include "tesela/kernel/winograd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

#define TESELA_QUOTE_(x) #x
#define TESELA_QUOTE(x) TESELA_QUOTE_(x)

struct isa {
  // "AVX2", "AVX3_DL", "SSE4", ...: Highway's name of the instruction set, without its "N_".
  static constexpr std::string_view name =
      std::string_view(TESELA_QUOTE(HWY_NAMESPACE)).substr(2);
  static constexpr std::size_t lanes = kLanes;

  static void load_block(const sample_source& source, const std::uint32_t* indices,
                         std::size_t count, float* block) {
    LoadBlock(source, indices, count, block);
  }
  static void transpose_rows(const convolution& g, const float* x, float* x_transposed) {
    TransposeRows(g, x, x_transposed);
  }
  static void transpose_lanes(const float* in, std::size_t rows, float* out,
                              std::size_t out_stride) {
    TransposeLanes(in, rows, out, out_stride);
  }

  // `kept`, where given, receives the activation's input, laid out like y.
  template <class Activation>
  static HWY_ATTR void convolve(const convolution& g, const float* weights, const float* bias,
                                const float* x, float* y, float* kept = nullptr) {
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

  // Convolution, bias, activation and pooling: the window's pixels are computed into `window`
  // (kernel.size() pixels of pool.in.channels) and never reach memory beyond the cache.
  template <class Activation>
  static HWY_ATTR void convolve_and_pool(const convolution& g, const pooling& pool,
                                         const float* weights, const float* bias, const float* x,
                                         float* window, float* y, std::uint8_t* winner) {
    const BiasActivation<Activation> ending{bias};
    const std::size_t pixel = g.out.channels * block_lanes;
    for (std::size_t py = 0; py < pool.out.height; ++py) {
      for (std::size_t px = 0; px < pool.out.width; ++px, y += pixel) {
        for (std::size_t r = 0; r < pool.kernel.rows; ++r) {
          for (std::size_t c = 0; c < pool.kernel.columns; ++c) {
            ConvolvePixel(g, weights, x, py * pool.stride.rows + r, px * pool.stride.columns + c,
                          window + (r * pool.kernel.columns + c) * pixel, ending);
          }
        }
        MaxPoolPixel(window, pool.kernel.columns * pixel, pixel, pool.kernel, pixel, y, winner);
        if (winner != nullptr) winner += pixel;
      }
    }
  }

  // `Activation` is the one in front of this layer; `known` is its value, which is this layer's input,
  // or its own input (kernel/ending-inl.hpp).
  template <class Activation>
  static HWY_ATTR void convolve_data_gradient(const convolution& g, const float* weights,
                                              const float* dy, const float* known, float* dx) {
    ConvolveDataGradient(g, weights, dy, dx, [&](std::size_t pixel) HWY_ATTR {
      return ActivationGradient<Activation>{known + pixel * g.in.channels * block_lanes};
    });
  }
  static HWY_ATTR void convolve_data_gradient(const convolution& g, const float* weights,
                                              const float* dy, float* dx) {
    ConvolveDataGradient(g, weights, dy, dx, [](std::size_t) HWY_ATTR { return KeepSum{}; });
  }
  template <bool MayDot = true>
  static void convolve_weight_gradient(const convolution& g, const gradient_share& share,
                                       const float* dy, const float* x_transposed,
                                       std::size_t blocks, std::size_t block_stride,
                                       float* dweights) {
    ConvolveWeightGradient<MayDot>(g, share, dy, x_transposed, blocks, block_stride, dweights);
  }
  static void bias_gradient(const image& out, const float* dy, std::size_t blocks,
                            std::size_t block_stride, std::size_t row, std::size_t row_end,
                            float* dbias) {
    BiasGradient(out, dy, blocks, block_stride, row, row_end, dbias);
  }

  // The same four by Winograd's algorithm. `transformed` is U or, turned, what the data gradient takes
  // for it, of output channels or, turned, input channels [begin, end); `patches` and `products` are
  // scratch of winograd_tile_floats.
  static void winograd_weights(const convolution& g, const float* weights, bool turned,
                               std::size_t begin, std::size_t end, float* transformed) {
    if (turned) {
      WinogradTurnedWeights(g, weights, begin, end, transformed);
    } else {
      WinogradWeights(g, weights, begin, end, transformed);
    }
  }
  template <class Activation>
  static HWY_ATTR void winograd_convolve(const convolution& g, const float* transformed,
                                         const float* bias, const float* x, float* patches,
                                         float* products, float* y, float* kept = nullptr) {
    const winograd_tiles tiles = tiles_of(g.out);
    WinogradPatches(g.in, tiles, -static_cast<std::ptrdiff_t>(g.padding.rows),
                    -static_cast<std::ptrdiff_t>(g.padding.columns), x, patches);
    WinogradProducts(tiles, transformed, winograd_weight_plane(g), winograd_row(g.in.channels),
                     g.out.channels, g.in.channels, patches, products);
    if constexpr (!Activation::from_value) {
      if (kept != nullptr) {
        WinogradResults(g.out, tiles, products, y, [&](std::size_t pixel) HWY_ATTR {
          float* at = kept + pixel * g.out.channels * block_lanes;
          return BiasActivationKeepingInput<Activation>{bias, at};
        });
        return;
      }
    }
    WinogradResults(g.out, tiles, products, y, [&](std::size_t) HWY_ATTR {
      return BiasActivation<Activation>{bias};
    });
  }
  // With the pooling that follows, where tiles hold whole windows.
  template <class Activation>
  static HWY_ATTR void winograd_convolve_and_pool(const convolution& g, const pooling& pool,
                                                  const float* transformed, const float* bias,
                                                  const float* x, float* patches, float* products,
                                                  float* y, std::uint8_t* winner) {
    const winograd_tiles tiles = tiles_of(g.out);
    WinogradPatches(g.in, tiles, -static_cast<std::ptrdiff_t>(g.padding.rows),
                    -static_cast<std::ptrdiff_t>(g.padding.columns), x, patches);
    WinogradProducts(tiles, transformed, winograd_weight_plane(g), winograd_row(g.in.channels),
                     g.out.channels, g.in.channels, patches, products);
    WinogradPooledResults(g.out, tiles, pool, products, y, winner, BiasActivation<Activation>{bias});
  }
  // Patches with the sample outside, for the weight gradient: [xi][tile][lane][channel].
  static HWY_ATTR void winograd_transpose(const convolution& g, const float* patches,
                                          float* patches_transposed) {
    const winograd_tiles tiles = tiles_of(g.out);
    const std::size_t row = winograd_row(g.in.channels);
    for (std::size_t xi = 0; xi < 36; ++xi) {
      const float* from = patches + xi * winograd_tile_plane(tiles, g.in.channels);
      float* to = patches_transposed + xi * winograd_tile_plane(tiles, row);
      for (std::size_t t = 0; t < tiles.count(); ++t) {
        TransposeLanes(from + t * g.in.channels * block_lanes, g.in.channels,
                       to + t * row * block_lanes, row);
      }
    }
  }
  template <class Ending>
  static HWY_ATTR void WinogradDataGradient(const convolution& g, const float* transformed,
                                            const float* dy, float* patches, float* products,
                                            float* dx, const Ending& ending_of) {
    const winograd_tiles tiles = tiles_of(g.in);
    WinogradPatches(g.out, tiles, static_cast<std::ptrdiff_t>(g.padding.rows) - 2,
                    static_cast<std::ptrdiff_t>(g.padding.columns) - 2, dy, patches);
    WinogradProducts(tiles, transformed, winograd_weight_plane(g), winograd_row(g.out.channels),
                     g.in.channels, g.out.channels, patches, products);
    WinogradResults(g.in, tiles, products, dx, ending_of);
  }
  template <class Activation>
  static HWY_ATTR void winograd_data_gradient(const convolution& g, const float* transformed,
                                              const float* dy, const float* known, float* patches,
                                              float* products, float* dx) {
    WinogradDataGradient(g, transformed, dy, patches, products, dx, [&](std::size_t pixel) HWY_ATTR {
      return ActivationGradient<Activation>{known + pixel * g.in.channels * block_lanes};
    });
  }
  static HWY_ATTR void winograd_data_gradient(const convolution& g, const float* transformed,
                                              const float* dy, float* patches, float* products,
                                              float* dx) {
    WinogradDataGradient(g, transformed, dy, patches, products, dx,
                         [](std::size_t) HWY_ATTR { return KeepSum{}; });
  }
  static void winograd_gradient_tiles(const convolution& g, const float* dy, float* gradients) {
    WinogradGradientTiles(g.out, tiles_of(g.out), dy, gradients);
  }
  static void winograd_weight_gradient(const convolution& g, std::size_t row, std::size_t row_end,
                                       const float* gradients, const float* patches_transposed,
                                       std::size_t blocks, std::size_t block_stride,
                                       float* transformed, float* dweights) {
    WinogradWeightGradients(g, tiles_of(g.out), row, row_end, gradients, patches_transposed, blocks,
                            block_stride, transformed, dweights);
  }

  // One sample: [pixel][channel], or channels-first planes.
  static void single_interleave(const image& of, const float* planes, float* pixels) {
    SingleInterleave(of, planes, pixels);
  }
  template <class Activation>
  static HWY_ATTR void single_planes(const convolution& g, const pooling& pool,
                                     const float* weights, const float* bias, const float* sample,
                                     float* padded, float* planes, float* y) {
    SinglePad(g, sample, padded);
    SinglePlanes(g, weights, padded, planes, BiasActivation<Activation>{bias});
    SinglePoolPlanes(pool, planes, planar_output_row(g), y);
  }
  template <class Activation>
  static HWY_ATTR void single_convolve(const convolution& g, const float* weights,
                                       const float* bias, const float* x, float* transposed,
                                       float* y) {
    if (transposes_weights(g)) {
      SingleTransposeWeights(g, weights, transposed);
      SingleTransposed(g, transposed, x, y);
    } else {
      SingleDots(g, weights, x, y);
    }
    using sum = decltype(expr::operand<0>{} + expr::operand<1>{});
    using finish = expr::replace<typename Activation::value, expr::operand<0>, sum>;
    for (std::size_t p = 0; p < g.out.pixels(); ++p, y += g.out.channels) {
      EvaluateLoop(expr::fixed_results<finish>{}, {y, bias}, {y}, g.out.channels);
    }
  }
  static void single_max_pool(const pooling& g, const float* x, float* y) {
    SingleMaxPool(g, x, y);
  }

  static void max_pool(const pooling& g, const float* x, float* y, std::uint8_t* winner) {
    MaxPool(g, x, y, winner);
  }
  // `Activation` stands between the pooled tensor and the pooling; y is the pooled result.
  template <class Activation>
  static HWY_ATTR void max_pool_gradient(const pooling& g, const float* y, const float* dy,
                                         const std::uint8_t* winner, float* dx) {
    MaxPoolGradient(g, dy, winner, dx, ActivationGradient<Activation>{y});
  }
  static HWY_ATTR void max_pool_gradient(const pooling& g, const float* dy,
                                         const std::uint8_t* winner, float* dx) {
    MaxPoolGradient(g, dy, winner, dx, KeepSum{});
  }

  static loss_sum softmax_cross_entropy(std::size_t classes, const float* logits,
                                        const std::int32_t* labels, std::size_t samples,
                                        float scale, float* dlogits) {
    return SoftmaxCrossEntropy(classes, logits, labels, samples, scale, dlogits);
  }
  static loss_sum soft_cross_entropy(std::size_t classes, const float* logits,
                                     const class_targets& targets, std::size_t samples, float scale,
                                     float* dlogits) {
    return SoftCrossEntropy(classes, logits, targets, samples, scale, dlogits);
  }

  // One pass over memory for all results of `lifted` (expr/program.hpp).
  template <class Lifted, std::size_t Inputs, std::size_t Outputs>
  static void evaluate(const Lifted& lifted, const float* const (&inputs)[Inputs],
                       float* const (&outputs)[Outputs], std::size_t count) {
    EvaluateLoop(lifted, inputs, outputs, count);
  }
  // A program of tensors (kernel/tensor-inl.hpp).
  template <class Plan, class Arrays>
  static void run_tensors(const Arrays& arrays, const float* numbers, float* room,
                          float* const* results, std::size_t threads) {
    TensorProgram<Plan>::Run(arrays, numbers, room, results, threads);
  }
  template <class... E, std::size_t Inputs, std::size_t Outputs>
  static void evaluate(const expr::results<E...>& all, const float* const (&inputs)[Inputs],
                       float* const (&outputs)[Outputs], std::size_t count) {
    EvaluateLoop(expr::lift(all), inputs, outputs, count);
  }
};

#undef TESELA_QUOTE
#undef TESELA_QUOTE_

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#ifndef TESELA_KERNEL_STATIC_ISA
#define TESELA_KERNEL_STATIC_ISA
namespace tesela {

// A file that is compiled for several targets comes to the static one last, yet what lies above names
// it from the first pass on: so the name is declared for each that Highway may choose.
// clang-format off
namespace N_SCALAR { struct isa; }  namespace N_EMU128 { struct isa; }
namespace N_SSE2 { struct isa; }  namespace N_SSSE3 { struct isa; }  namespace N_SSE4 { struct isa; }
namespace N_AVX2 { struct isa; }  namespace N_AVX3 { struct isa; }  namespace N_AVX3_DL { struct isa; }
namespace N_AVX3_ZEN4 { struct isa; }  namespace N_AVX3_SPR { struct isa; }
namespace N_AVX10_2 { struct isa; }
namespace N_NEON { struct isa; }  namespace N_NEON_WITHOUT_AES { struct isa; }
namespace N_NEON_BF16 { struct isa; }
namespace N_PPC8 { struct isa; }  namespace N_PPC9 { struct isa; }  namespace N_PPC10 { struct isa; }
namespace N_Z14 { struct isa; }  namespace N_Z15 { struct isa; }
namespace N_WASM { struct isa; }  namespace N_WASM_EMU256 { struct isa; }
// clang-format on

using static_isa = HWY_STATIC_DISPATCH(isa);

}  // namespace tesela
#endif

#if HWY_ONCE
namespace tesela {

// What the library was compiled for; "SCALAR" and "EMU128" mean that the flags allow no SIMD.
inline constexpr std::string_view simd_target = static_isa::name;

}  // namespace tesela
#endif

#endif  // toggled guard
