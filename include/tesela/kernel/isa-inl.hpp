// SPDX-License-Identifier: MIT
// All kernels of one instruction set behind one type, `isa`; the only kernel header others include.
//
// What lies above takes the type as a template parameter, so code built for different instruction sets
// has different symbols and may live in one program. `static_isa` is the best one that the compiler's
// flags allow.
//
// Here kernels are declared. Those of mathematics that a user may write (activations, optimisers,
// expressions) are defined in isa_templates-inl.hpp, all others in isa_functions-inl.hpp.
#if defined(TESELA_KERNEL_ISA_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ISA_INL_HPP
#undef TESELA_KERNEL_ISA_INL_HPP
#else
#define TESELA_KERNEL_ISA_INL_HPP
#endif

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tesela/expr/program.hpp"
#include "tesela/kernel/compiled.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/kernel/target-inl.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/tensor/samples.hpp"

namespace tesela::HWY_NAMESPACE {

// Kernels that an activation is part of (kernel/ending-inl.hpp says what one is).
template <class Activation>
struct activation_kernels {
  static_assert(HasKernels<Activation>,
                "tesela: libtesela has no kernels of this activation: write #include "
                "<tesela/own.hpp> in this file, and they are compiled here");

  // The activation alone, and the gradient of its input: `known` is its value or its input.
  static void apply(const float* x, float* y, std::size_t count);
  static void apply_gradient(const float* known, const float* dy, float* dx, std::size_t count);

  // Convolution, bias and activation. `kept`, where given, receives the activation's input, laid out
  // like y.
  static void convolve(const convolution& g, const float* weights, const float* bias,
                       const float* x, float* y, float* kept = nullptr);
  // With pooling: the window's pixels are computed into `window` (kernel.size() pixels of
  // pool.in.channels) and never reach memory beyond the cache.
  static void convolve_and_pool(const convolution& g, const pooling& pool, const float* weights,
                                const float* bias, const float* x, float* window, float* y,
                                std::uint8_t* winner, float* kept = nullptr);
  // The activation is the one in front of this layer; `known` is its value, which is this layer's
  // input, or its own input.
  static void convolve_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     const float* known, float* dx);

  // The same three by Winograd's algorithm, in the scratch of a winograd_scratch; `transposed`, where
  // given, receives the input's patches as the weight gradient wants them. Pooling is taken along where
  // tiles hold whole windows.
  static void winograd_convolve(const convolution& g, const float* weights, const float* bias,
                                const float* x, float* transposed, float* scratch, float* y,
                                float* kept = nullptr);
  static void winograd_convolve_and_pool(const convolution& g, const pooling& pool,
                                         const float* weights, const float* bias, const float* x,
                                         float* transposed, float* scratch, float* y,
                                         std::uint8_t* winner);
  static void winograd_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     const float* known, float* scratch, float* dx);

  // The activation stands between the pooled tensor and the pooling; `known` is the pooled value, or the
  // activation's input before it was pooled.
  static void max_pool_gradient(const pooling& g, const float* known, const float* dy,
                                const std::uint8_t* winner, float* dx);

  // One sample: channels-first planes, or [pixel][channel].
  static void single_planes(const convolution& g, const pooling& pool, const float* weights,
                            const float* bias, const float* sample, float* padded, float* planes,
                            float* y);
  // One pixel or few (sums_single_by_dots); many, in scratch of single_padded_floats.
  static void single_linear(const convolution& g, const float* weights, const float* bias,
                            const float* x, float* y);
  static void single_convolve(const convolution& g, const float* weights, const float* bias,
                              const float* x, float* padded, float* y);
};

// The same where a dropout, an affine map or both stand around an activation (layer/around.hpp). `keep` has a
// word for every feature of the block (kernel/dropout.hpp), laid out like the program's input; where there is no
// dropout it is not read. Weights of an affine map are followed by its biases; at a product's end they lie
// behind the product's bias.
template <class Program>
struct around_kernels {
  static_assert(HasKernels<Program>,
                "tesela: libtesela has no kernels of this dropout or affine layer: write #include "
                "<tesela/own.hpp> in this file, and they are compiled here");

  // The program alone; one sample, where there is no dropout.
  static void apply(const float* x, const float* weights, const std::uint32_t* keep, float* y,
                    std::size_t pixels, std::size_t channels);
  static void apply_single(const float* x, const float* weights, float* y, std::size_t pixels);
  // The gradient of its input, which may be null where there are weights: `sums` receives the gradients of
  // weights and biases, laid out like them.
  static void gradient(const float* known, const float* weights, const std::uint32_t* keep,
                       const float* dy, float* dx, float* sums, std::size_t pixels, std::size_t channels);

  // With a dropout: without one activation_kernels have them.
  static void convolve(const convolution& g, const float* weights, const float* bias, const float* x,
                       const std::uint32_t* keep, float* y, float* kept);
  static void convolve_and_pool(const convolution& g, const pooling& pool, const float* weights,
                                const float* bias, const float* x, const std::uint32_t* keep,
                                float* window, float* y, std::uint8_t* winner, float* kept);
  static void winograd_convolve(const convolution& g, const float* weights, const float* bias,
                                const float* x, const std::uint32_t* keep, float* transposed,
                                float* scratch, float* y, float* kept);
  // Without an affine map.
  static void convolve_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     const float* known, const std::uint32_t* keep, float* dx);
  static void winograd_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     const float* known, const std::uint32_t* keep, float* scratch,
                                     float* dx);

  static void max_pool_gradient(const pooling& g, const float* known, const float* weights,
                                const std::uint32_t* keep, const float* dy, const std::uint8_t* winner,
                                float* dx, float* sums);
};

// A program of tensors (kernel/tensor-inl.hpp).
template <class Plan>
struct tensor_kernels {
  static_assert(HasKernels<Plan>,
                "tesela: libtesela has no kernels of this expression or loss: write #include "
                "<tesela/own.hpp> in this file, and they are compiled here");

  template <class Arrays>
  static void run(const Arrays& arrays, const float* numbers, float* room, float* const* results,
                  std::size_t threads);
};

struct isa {
  // "AVX2", "AVX3_DL", "SSE4", ...: Highway's name of the instruction set, without its "N_".
  static constexpr std::string_view name = target_name(TESELA_QUOTE(HWY_NAMESPACE));
  static constexpr std::size_t lanes = HWY_LANES(float);

  template <class Activation>
  using with = activation_kernels<Activation>;
  template <class Program>
  using around = around_kernels<Program>;

  static void load_block(const sample_source& source, const std::uint32_t* indices,
                         std::size_t count, float* block);
  static void transpose_rows(const convolution& g, const float* x, float* x_transposed);
  static void transpose_lanes(const float* in, std::size_t rows, float* out,
                              std::size_t out_stride);

  static void convolve_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     float* dx);
  template <bool MayDot = true>
  static void convolve_weight_gradient(const convolution& g, const gradient_share& share,
                                       const float* dy, const float* x_transposed,
                                       std::size_t blocks, std::size_t block_stride,
                                       float* dweights);
  static void bias_gradient(const image& out, const float* dy, std::size_t blocks,
                            std::size_t block_stride, std::size_t row, std::size_t row_end,
                            float* dbias);

  // By Winograd's algorithm; the weight gradient is of a panel of output channels, [row, row_end), from
  // a multiple of winograd_gradient_panel on, with scratch of winograd_gradient_floats.
  static void winograd_data_gradient(const convolution& g, const float* weights, const float* dy,
                                     float* scratch, float* dx);
  static void winograd_gradient_tiles(const convolution& g, const float* dy, float* gradients);
  static void winograd_weight_gradient(const convolution& g, std::size_t row, std::size_t row_end,
                                       const float* gradients, const float* patches_transposed,
                                       std::size_t blocks, std::size_t block_stride, float* scratch,
                                       float* dweights);

  // `count` numbers, each summed over all blocks in order.
  static void sum_blocks(const float* from, std::size_t blocks, std::size_t block_stride,
                         std::size_t count, float* to);

  static void max_pool(const pooling& g, const float* x, float* y, std::uint8_t* winner);
  static void max_pool_gradient(const pooling& g, const float* dy, const std::uint8_t* winner,
                                float* dx);

  // One sample.
  static void single_interleave(const image& of, const float* planes, float* pixels);
  static void single_max_pool(const pooling& g, const float* x, float* y);

  // Of every pixel's channels (kernel/softmax-inl.hpp); the gradient from the value y.
  static void softmax(std::size_t pixels, std::size_t channels, bool logarithm, const float* x, float* y);
  static void softmax_gradient(std::size_t pixels, std::size_t channels, bool logarithm, const float* y,
                               const float* dy, float* dx);
  static void single_softmax(std::size_t pixels, std::size_t channels, bool logarithm, const float* x,
                             float* y);

  static loss_sum softmax_cross_entropy(std::size_t classes, const float* logits,
                                        const std::int32_t* labels, std::size_t samples,
                                        float scale, float* dlogits);
  static loss_sum soft_cross_entropy(std::size_t classes, const float* logits,
                                     const class_targets& targets, std::size_t samples, float scale,
                                     float* dlogits);

  // One pass over memory for all results of `lifted` (expr/program.hpp).
  template <class Lifted, std::size_t Inputs, std::size_t Outputs>
  static void evaluate(const Lifted& lifted, const float* const (&inputs)[Inputs],
                       float* const (&outputs)[Outputs], std::size_t count);
  template <class... E, std::size_t Inputs, std::size_t Outputs>
  static void evaluate(const expr::results<E...>& all, const float* const (&inputs)[Inputs],
                       float* const (&outputs)[Outputs], std::size_t count) {
    evaluate(expr::lift(all), inputs, outputs, count);
  }
  template <class Plan, class Arrays>
  static void run_tensors(const Arrays& arrays, const float* numbers, float* room,
                          float* const* results, std::size_t threads) {
    tensor_kernels<Plan>::run(arrays, numbers, room, results, threads);
  }
};

}  // namespace tesela::HWY_NAMESPACE

#ifdef TESELA_COMPILED
#ifdef HWY_TARGET_INCLUDE
#error "tesela: libtesela has one instruction set: a file for several is header-only (CMake: tesela::tesela)"
#endif
static_assert(tesela::is_libtesela_for<TESELA_QUOTE(HWY_NAMESPACE)>());
#else
#include "tesela/kernel/isa_functions-inl.hpp"
#include "tesela/kernel/isa_templates-inl.hpp"
#endif

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

#ifdef TESELA_COMPILED
using static_isa = HWY_NAMESPACE::isa;
#else
using static_isa = HWY_STATIC_DISPATCH(isa);
#endif

}  // namespace tesela
#endif

#if !defined(HWY_ONCE) || HWY_ONCE
namespace tesela {

// What this file was compiled for; "SCALAR" and "EMU128" mean that the flags allow no SIMD. Not inline:
// of one variable for all files, a program of files with different flags would keep any file's.
constexpr std::string_view simd_target = static_isa::name;

}  // namespace tesela
#endif

#endif  // toggled guard
