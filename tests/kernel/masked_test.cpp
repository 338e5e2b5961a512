// SPDX-License-Identifier: MIT
// Kernels with a dropout in them on every instruction set: what the kernels without one give, element by
// element multiplied by the mask.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "masked_test.cpp"
#include <hwy/foreach_target.h>
// The header that is compiled once per instruction set, then the ordinary ones.
#include "tesela/kernel/isa-inl.hpp"

#include "tesela/kernel/winograd.hpp"
#include "tesela/layer/around.hpp"

#include "every_target.hpp"
#include "geometries.hpp"
#include "guarded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#ifndef TESELA_MASKED_TEST
#define TESELA_MASKED_TEST
namespace tesela::masked_test {

// A quarter is dropped, the others grow by 4/3.
using relu_then_mask =
    layers::around_program<layers::relu, layers::dropout<0.25>>;
// Goes back from its input, which is stored: silu of the masked x.
struct silu : layers::activation_program<decltype([](auto x) { return x * expr::sigmoid(x); })> {};
using mask_then_silu = layers::around_program<layers::dropout<0.25>, silu>;
static_assert(relu_then_mask::from_value && !mask_then_silu::from_value);

struct kernels {
  std::string name;
  void (*apply)(const float*, const float*, const std::uint32_t*, float*, std::size_t, std::size_t);
  void (*gradient)(const float*, const float*, const std::uint32_t*, const float*, float*, float*,
                   std::size_t, std::size_t);
  void (*convolve)(const convolution&, const float*, const float*, const float*, const std::uint32_t*,
                   float*, float*);
  void (*convolve_silu)(const convolution&, const float*, const float*, const float*,
                        const std::uint32_t*, float*, float*);
  void (*plain_convolve)(const convolution&, const float*, const float*, const float*, float*, float*);
  void (*convolve_and_pool)(const convolution&, const pooling&, const float*, const float*, const float*,
                            const std::uint32_t*, float*, float*, std::uint8_t*, float*);
  void (*max_pool)(const pooling&, const float*, float*, std::uint8_t*);
  void (*data_gradient)(const convolution&, const float*, const float*, const float*,
                        const std::uint32_t*, float*);
  void (*plain_data_gradient)(const convolution&, const float*, const float*, float*);
  void (*winograd_convolve)(const convolution&, const float*, const float*, const float*,
                            const std::uint32_t*, float*, float*, float*, float*);
  void (*winograd_convolve_silu)(const convolution&, const float*, const float*, const float*,
                                 const std::uint32_t*, float*, float*, float*, float*);
  void (*winograd_data_gradient)(const convolution&, const float*, const float*, const float*,
                                 const std::uint32_t*, float*, float*);
  void (*max_pool_gradient)(const pooling&, const float*, const float*, const std::uint32_t*, const float*,
                            const std::uint8_t*, float*, float*);
  void (*plain_max_pool_gradient)(const pooling&, const float*, const std::uint8_t*, float*);
};

}  // namespace tesela::masked_test
#endif

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {
namespace {

masked_test::kernels MaskedKernels() {
  using relu = around_kernels<masked_test::relu_then_mask>;
  using silu = around_kernels<masked_test::mask_then_silu>;
  return {std::string(isa::name), &relu::apply, &relu::gradient, &relu::convolve, &silu::convolve,
          &isa::with<layers::identity>::convolve, &relu::convolve_and_pool, &isa::max_pool,
          &relu::convolve_data_gradient, &isa::convolve_data_gradient, &relu::winograd_convolve,
          &silu::winograd_convolve, &relu::winograd_data_gradient, &relu::max_pool_gradient,
          &isa::max_pool_gradient};
}

}  // namespace
}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tesela {
namespace {
HWY_EXPORT(MaskedKernels);

using namespace tesela::test;

const std::vector<masked_test::kernels>& every_masked_target() {
  static const auto all = of_every_target([] { return HWY_DYNAMIC_DISPATCH(MaskedKernels)(); });
  return all;
}

constexpr float scale = masked_test::relu_then_mask::scale;

// The bits of `features` features, and what they multiply with.
std::vector<std::uint32_t> bits_of(std::size_t features) {
  std::vector<std::uint32_t> keep(features);
  draw_dropout(random_stream{seed{3}}, dropout_threshold(0.25f), features, keep.data());
  return keep;
}
float factor(const std::vector<std::uint32_t>& keep, std::size_t element) {
  return (keep[element / block_lanes] >> element % block_lanes & 1) != 0 ? scale : 0.0f;
}

const std::vector<convolution>& awkward() {
  static const std::vector<convolution> all{
      convolution_of({5, 1, 1}, 1, 1),          convolution_of({7, 1, 1}, 19, 1),
      convolution_of({2, 4, 5}, 3, {3, 2}, 1, 1), convolution_of({3, 6, 4}, 13, 2, {2, 1}),
      convolution_of({4, 5, 5}, 29, 3, 1, 1),
  };
  return all;
}

BOOST_AUTO_TEST_SUITE(masked_kernels_on_every_target)

BOOST_AUTO_TEST_CASE(multiply_by_the_mask_alone) {
  for (const std::size_t features : {1u, 3u, 17u}) {
    const std::size_t count = features * block_lanes;
    const std::vector<float> x = integers(count, 1, 5), dy = integers(count, 2, 5);
    const std::vector<std::uint32_t> keep = bits_of(features);
    std::vector<float> y(count), dx(count);
    for (std::size_t i = 0; i < count; ++i) {
      y[i] = std::max(x[i], 0.0f) * factor(keep, i);
      dx[i] = y[i] > 0 ? dy[i] * factor(keep, i) : 0;
    }
    for (const auto& k : every_masked_target()) BOOST_TEST_CONTEXT(k.name) {
      guarded<float> value(count), gradient(count);
      k.apply(x.data(), nullptr, keep.data(), value.data(), 1, features);
      k.gradient(value.data(), nullptr, keep.data(), dy.data(), gradient.data(), nullptr, 1, features);
      check_equal(value.values(), y, "y");
      check_equal(gradient.values(), dx, "dx");
      BOOST_TEST((value.intact() && gradient.intact()));
    }
  }
}

BOOST_AUTO_TEST_CASE(end_convolutions_and_their_gradients) {
  for (const convolution& g : awkward()) BOOST_TEST_CONTEXT(g) {
    const std::vector<float> weights = integers(g.weight_floats(), 3, 2), bias = integers(g.out.channels, 4, 2);
    const std::vector<float> x = integers(g.in.size() * block_lanes, 5, 2);
    const std::vector<float> dy = integers(g.out.size() * block_lanes, 6, 2);
    const std::vector<std::uint32_t> keep = bits_of(g.out.size()), before = bits_of(g.in.size());
    for (const auto& k : every_masked_target()) BOOST_TEST_CONTEXT(k.name) {
      const std::size_t count = g.out.size() * block_lanes;
      std::vector<float> sum(count), expected(count);
      k.plain_convolve(g, weights.data(), bias.data(), x.data(), sum.data(), nullptr);
      for (std::size_t i = 0; i < count; ++i) expected[i] = std::max(sum[i], 0.0f) * factor(keep, i);
      guarded<float> y(count), kept(count), silu(count);
      k.convolve(g, weights.data(), bias.data(), x.data(), keep.data(), y.data(), nullptr);
      check_equal(y.values(), expected, "y");
      k.convolve_silu(g, weights.data(), bias.data(), x.data(), keep.data(), silu.data(), kept.data());
      check_equal(kept.values(), sum, "what was kept");
      BOOST_TEST((y.intact() && kept.intact() && silu.intact()));

      // x is the value of a masked relu in front.
      std::vector<float> dx(g.in.size() * block_lanes), behind(dx.size());
      k.plain_data_gradient(g, weights.data(), dy.data(), dx.data());
      for (std::size_t i = 0; i < dx.size(); ++i) behind[i] = x[i] > 0 ? dx[i] * factor(before, i) : 0;
      guarded<float> found(dx.size());
      k.data_gradient(g, weights.data(), dy.data(), x.data(), before.data(), found.data());
      check_equal(found.values(), behind, "dx");
      BOOST_TEST(found.intact());
    }
  }
}

// By Winograd's tiles, to within their rounding: whole tiles and cut ones.
BOOST_AUTO_TEST_CASE(end_tiles_and_their_gradients) {
  for (const convolution& g : {convolution_of({3, 8, 4}, 5, 3, 1, 1), convolution_of({5, 5, 7}, 18, 3)}) {
    const winograd_tiles there = tiles_of(g.out), back = tiles_of(g.in);
    const std::vector<float> weights = integers(g.weight_floats(), 3, 2), bias = integers(g.out.channels, 4, 2);
    const std::vector<float> x = integers(g.in.size() * block_lanes, 5, 2);
    const std::vector<float> dy = integers(g.out.size() * block_lanes, 6, 2);
    const std::vector<std::uint32_t> keep = bits_of(g.out.size()), before = bits_of(g.in.size());
    const auto close = [](std::span<const float> found, const std::vector<float>& expected,
                          const char* what) {
      check_close(found, std::vector<double>(expected.begin(), expected.end()),
                  std::vector<double>(expected.size(), 1e-3), what);
    };
    for (const auto& k : every_masked_target()) BOOST_TEST_CONTEXT(k.name << " " << g) {
      const std::size_t count = g.out.size() * block_lanes;
      std::vector<float> y(count), kept(count), silu(count), dx(x.size());
      k.convolve(g, weights.data(), bias.data(), x.data(), keep.data(), y.data(), nullptr);
      k.convolve_silu(g, weights.data(), bias.data(), x.data(), keep.data(), silu.data(), kept.data());
      k.data_gradient(g, weights.data(), dy.data(), x.data(), before.data(), dx.data());

      std::vector<float> transposed(winograd_tile_floats(there.count(), g.in.channels) + 64);
      std::vector<float> scratch(
          std::max(winograd_scratch(there, g.in.channels, g.out.channels).floats(),
                   winograd_scratch(back, g.out.channels, g.in.channels).floats()));
      guarded<float> found(count), found_kept(count), found_silu(count), found_dx(dx.size());
      k.winograd_convolve(g, weights.data(), bias.data(), x.data(), keep.data(), transposed.data(),
                          scratch.data(), found.data(), nullptr);
      k.winograd_convolve_silu(g, weights.data(), bias.data(), x.data(), keep.data(),
                               transposed.data(), scratch.data(), found_silu.data(), found_kept.data());
      k.winograd_data_gradient(g, weights.data(), dy.data(), x.data(), before.data(), scratch.data(),
                               found_dx.data());
      close(found.values(), y, "y");
      close(found_kept.values(), kept, "what was kept");
      close(found_silu.values(), silu, "silu");
      close(found_dx.values(), dx, "dx");
      BOOST_TEST((found.intact() && found_kept.intact() && found_silu.intact() && found_dx.intact()));
    }
  }
}

BOOST_AUTO_TEST_CASE(are_pooled_with_their_bits) {
  const convolution g = convolution_of({2, 7, 8}, 11, 3, 1, 1);
  for (const pooling& pool : {pooling_of(g.out, 2, 2), pooling_of(g.out, {3, 2}, {3, 2})}) {
    const std::vector<float> weights = integers(g.weight_floats(), 3, 2), bias = integers(g.out.channels, 4, 2);
    const std::vector<float> x = integers(g.in.size() * block_lanes, 5, 2);
    const std::vector<float> dy = integers(pool.out.size() * block_lanes, 6, 2);
    const std::vector<std::uint32_t> keep = bits_of(g.out.size());
    const std::size_t whole = g.out.size() * block_lanes, count = pool.out.size() * block_lanes;
    for (const auto& k : every_masked_target()) BOOST_TEST_CONTEXT(k.name << ", " << pool) {
      std::vector<float> masked(whole), expected(count), window(pool.kernel.size() * g.out.channels * block_lanes);
      std::vector<std::uint8_t> winner(count);
      k.convolve(g, weights.data(), bias.data(), x.data(), keep.data(), masked.data(), nullptr);
      k.max_pool(pool, masked.data(), expected.data(), winner.data());
      guarded<float> y(count);
      guarded<std::uint8_t> found_winner(count);
      k.convolve_and_pool(g, pool, weights.data(), bias.data(), x.data(), keep.data(), window.data(),
                          y.data(), found_winner.data(), nullptr);
      check_equal(y.values(), expected, "y");
      BOOST_TEST(std::equal(winner.begin(), winner.end(), found_winner.data()));
      BOOST_TEST((y.intact() && found_winner.intact()));

      std::vector<float> scattered(whole), dx(whole);
      k.plain_max_pool_gradient(pool, dy.data(), winner.data(), scattered.data());
      for (std::size_t i = 0; i < whole; ++i) {
        dx[i] = masked[i] > 0 ? scattered[i] * factor(keep, i) : 0;
      }
      guarded<float> found(whole);
      k.max_pool_gradient(pool, y.data(), nullptr, keep.data(), dy.data(), winner.data(), found.data(),
                          nullptr);
      check_equal(found.values(), dx, "dx");
      BOOST_TEST(found.intact());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tesela
#endif
