// SPDX-License-Identifier: MIT
// Kernels with an affine map in them on every instruction set, beside plain loops.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "affine_test.cpp"
#include <hwy/foreach_target.h>
// The header that is compiled once per instruction set, then the ordinary ones.
#include "tesela/kernel/isa-inl.hpp"

#include "tesela/layer/around.hpp"

#include "every_target.hpp"
#include "geometries.hpp"
#include "guarded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#ifndef TESELA_AFFINE_TEST
#define TESELA_AFFINE_TEST
namespace tesela::affine_test {

template <std::size_t Channels>
using then_relu = layers::around_program<layers::affine_step<Channels>, layers::relu>;

struct kernels {
  std::string name;
  void (*apply[3])(const float*, const float*, const std::uint32_t*, float*, std::size_t, std::size_t);
  void (*apply_single[3])(const float*, const float*, float*, std::size_t);
  void (*gradient[3])(const float*, const float*, const std::uint32_t*, const float*, float*, float*,
                      std::size_t, std::size_t);
  void (*convolve)(const convolution&, const float*, const float*, const float*, float*, float*);
  void (*plain_convolve)(const convolution&, const float*, const float*, const float*, float*, float*);
  void (*convolve_and_pool)(const convolution&, const pooling&, const float*, const float*, const float*,
                            float*, float*, std::uint8_t*, float*);
  void (*max_pool)(const pooling&, const float*, float*, std::uint8_t*);
  void (*max_pool_gradient)(const pooling&, const float*, const float*, const std::uint32_t*, const float*,
                            const std::uint8_t*, float*, float*);
  void (*plain_max_pool_gradient)(const pooling&, const float*, const std::uint8_t*, float*);
};

inline constexpr std::size_t channels[3] = {1, 5, 19};

}  // namespace tesela::affine_test
#endif

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {
namespace {

template <std::size_t Channels>
using AffineRelu = around_kernels<affine_test::then_relu<Channels>>;

affine_test::kernels AffineKernels() {
  return {std::string(isa::name),
          {&AffineRelu<1>::apply, &AffineRelu<5>::apply, &AffineRelu<19>::apply},
          {&AffineRelu<1>::apply_single, &AffineRelu<5>::apply_single, &AffineRelu<19>::apply_single},
          {&AffineRelu<1>::gradient, &AffineRelu<5>::gradient, &AffineRelu<19>::gradient},
          &isa::with<affine_test::then_relu<19>>::convolve,
          &isa::with<layers::identity>::convolve,
          &isa::with<affine_test::then_relu<19>>::convolve_and_pool,
          &isa::max_pool,
          &AffineRelu<19>::max_pool_gradient,
          &isa::max_pool_gradient};
}

}  // namespace
}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tesela {
namespace {
HWY_EXPORT(AffineKernels);

using namespace tesela::test;

const std::vector<affine_test::kernels>& every_affine_target() {
  static const auto all = of_every_target([] { return HWY_DYNAMIC_DISPATCH(AffineKernels)(); });
  return all;
}

// Weights and, `pitch` behind them, biases; whole numbers, so that nothing is rounded.
std::vector<float> rows_of(std::size_t channels, std::size_t pitch) {
  std::vector<float> rows = integers(2 * pitch, 7, 3);
  std::fill(rows.begin() + static_cast<std::ptrdiff_t>(channels),
            rows.begin() + static_cast<std::ptrdiff_t>(pitch), 1e30f);
  return rows;
}

BOOST_AUTO_TEST_SUITE(affine_kernels_on_every_target)

BOOST_AUTO_TEST_CASE(map_and_go_back) {
  for (std::size_t k = 0; k < 3; ++k) {
    const std::size_t channels = affine_test::channels[k], pitch = round_up(channels, alignment_floats);
    const std::vector<float> rows = rows_of(channels, pitch);
    for (const std::size_t pixels : {1u, 3u, 12u}) {
      const std::size_t count = pixels * channels * block_lanes;
      const std::vector<float> x = integers(count, 1, 4), dy = integers(count, 2, 4);
      std::vector<float> y(count), dx(count), sums(2 * pitch);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t c = i / block_lanes % channels;
        const float v = rows[c] * x[i] + rows[pitch + c], g = v > 0 ? dy[i] : 0;
        y[i] = std::max(v, 0.0f);
        dx[i] = g * rows[c];
        sums[c] += g * x[i];
        sums[pitch + c] += g;
      }
      for (const auto& t : every_affine_target()) BOOST_TEST_CONTEXT(t.name) {
        guarded<float> value(count), gradient(count), found(2 * pitch), alone(2 * pitch);
        t.apply[k](x.data(), rows.data(), nullptr, value.data(), pixels, channels);
        t.gradient[k](x.data(), rows.data(), nullptr, dy.data(), gradient.data(), found.data(), pixels, channels);
        t.gradient[k](x.data(), rows.data(), nullptr, dy.data(), nullptr, alone.data(), pixels, channels);
        check_equal(value.values(), y, "y");
        check_equal(gradient.values(), dx, "dx");
        for (std::size_t c = 0; c < channels; ++c) {
          BOOST_TEST(found[c] == sums[c]);
          BOOST_TEST(found[pitch + c] == sums[pitch + c]);
          BOOST_TEST(alone[c] == sums[c]);
        }
        BOOST_TEST((value.intact() && gradient.intact() && found.intact() && alone.intact()));
        // One sample: [pixel][channel].
        const std::size_t one = pixels * channels;
        guarded<float> single(one);
        t.apply_single[k](x.data(), rows.data(), single.data(), pixels);
        for (std::size_t i = 0; i < one; ++i) {
          const std::size_t c = i % channels;
          BOOST_TEST(single[i] == std::max(rows[c] * x[i] + rows[pitch + c], 0.0f));
        }
        BOOST_TEST(single.intact());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(end_convolutions) {
  for (const convolution& g : {convolution_of({7, 1, 1}, 19, 1), convolution_of({2, 5, 4}, 19, {3, 2}, 1, 1)}) {
    constexpr std::size_t pitch = affine_test::then_relu<19>::pitch;
    const std::vector<float> weights = integers(g.weight_floats(), 3, 2);
    const std::vector<float> x = integers(g.in.size() * block_lanes, 5, 2);
    // The product's bias, then weights and biases of the map.
    std::vector<float> bias = integers(pitch, 4, 2);
    const std::vector<float> rows = rows_of(19, pitch);
    bias.insert(bias.end(), rows.begin(), rows.end());
    const std::size_t count = g.out.size() * block_lanes;
    for (const auto& t : every_affine_target()) BOOST_TEST_CONTEXT(t.name << ", " << g) {
      std::vector<float> sum(count), expected(count);
      t.plain_convolve(g, weights.data(), bias.data(), x.data(), sum.data(), nullptr);
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t c = i / block_lanes % 19;
        expected[i] = std::max(rows[c] * sum[i] + rows[pitch + c], 0.0f);
      }
      guarded<float> y(count), alone(count), kept(count);
      t.convolve(g, weights.data(), bias.data(), x.data(), y.data(), kept.data());
      t.convolve(g, weights.data(), bias.data(), x.data(), alone.data(), nullptr);
      check_equal(y.values(), expected, "y");
      check_equal(alone.values(), expected, "y alone");
      check_equal(kept.values(), sum, "what was kept");
      BOOST_TEST((y.intact() && alone.intact() && kept.intact()));
    }
  }
}

BOOST_AUTO_TEST_CASE(are_pooled_as_if_the_pooling_stood_alone) {
  constexpr std::size_t pitch = affine_test::then_relu<19>::pitch;
  const convolution g = convolution_of({2, 6, 7}, 19, {3, 2}, 1, 1);
  for (const pooling& pool :
       {pooling_of(g.out, 2, 2), pooling_of(g.out, {3, 2}, {1, 2}), pooling_of(g.out, 2, 3)}) {
    const std::vector<float> weights = integers(g.weight_floats(), 3, 2), rows = rows_of(19, pitch);
    const std::vector<float> x = integers(g.in.size() * block_lanes, 5, 2);
    std::vector<float> bias = integers(pitch, 4, 2);
    bias.insert(bias.end(), rows.begin(), rows.end());
    const std::size_t whole = g.out.size() * block_lanes, count = pool.out.size() * block_lanes;
    const std::vector<float> dy = integers(count, 6, 2);
    for (const auto& t : every_affine_target()) BOOST_TEST_CONTEXT(t.name << ", " << pool) {
      std::vector<float> value(whole), product(whole), expected(count), scattered(whole), dx(whole);
      std::vector<float> sums(2 * pitch), window(pool.kernel.size() * g.out.channels * block_lanes);
      std::vector<std::uint8_t> winner(count);
      t.convolve(g, weights.data(), bias.data(), x.data(), value.data(), product.data());
      t.max_pool(pool, value.data(), expected.data(), winner.data());
      t.plain_max_pool_gradient(pool, dy.data(), winner.data(), scattered.data());
      t.gradient[2](product.data(), rows.data(), nullptr, scattered.data(), dx.data(), sums.data(),
                    g.out.pixels(), 19);

      guarded<float> y(count), kept(whole), found(whole), found_sums(2 * pitch);
      guarded<std::uint8_t> found_winner(count);
      t.convolve_and_pool(g, pool, weights.data(), bias.data(), x.data(), window.data(), y.data(),
                          found_winner.data(), kept.data());
      check_equal(y.values(), expected, "y");
      BOOST_TEST(std::equal(winner.begin(), winner.end(), found_winner.data()));
      t.max_pool_gradient(pool, kept.data(), rows.data(), nullptr, dy.data(), winner.data(), found.data(),
                          found_sums.data());
      check_equal(found.values(), dx, "dx");
      for (std::size_t c = 0; c < 19; ++c) {
        BOOST_TEST(found_sums[c] == sums[c]);
        BOOST_TEST(found_sums[pitch + c] == sums[pitch + c]);
      }
      BOOST_TEST((y.intact() && kept.intact() && found.intact() && found_sums.intact() &&
                  found_winner.intact()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tesela
#endif
