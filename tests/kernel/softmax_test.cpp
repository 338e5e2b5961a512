// SPDX-License-Identifier: MIT
// Softmax and its logarithm on every instruction set, beside the reference in double and its exact derivative.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "softmax_test.cpp"
#include <hwy/foreach_target.h>
// The header that is compiled once per instruction set, then the ordinary ones.
#include "tesela/kernel/isa-inl.hpp"

#include "tesela/kernel/reference.hpp"

#include "every_target.hpp"
#include "guarded.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#ifndef TESELA_SOFTMAX_TEST
#define TESELA_SOFTMAX_TEST
namespace tesela::softmax_test {
struct kernels {
  std::string name;
  void (*forward)(std::size_t, std::size_t, bool, const float*, float*);
  void (*gradient)(std::size_t, std::size_t, bool, const float*, const float*, float*);
  void (*single)(std::size_t, std::size_t, bool, const float*, float*);
};
}  // namespace tesela::softmax_test
#endif

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {
namespace {
softmax_test::kernels SoftmaxKernels() {
  return {std::string(isa::name), &isa::softmax, &isa::softmax_gradient, &isa::single_softmax};
}
}  // namespace
}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tesela {
namespace {
HWY_EXPORT(SoftmaxKernels);

using namespace tesela::test;

const std::vector<softmax_test::kernels>& every_softmax() {
  static const auto all = of_every_target([] { return HWY_DYNAMIC_DISPATCH(SoftmaxKernels)(); });
  return all;
}

std::vector<float> normals(std::size_t count, std::uint32_t stream, float scale) {
  const random_stream random{seed{5}, stream};
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = scale * random.normal(i);
  return values;
}

BOOST_AUTO_TEST_SUITE(softmax_on_every_target)

BOOST_AUTO_TEST_CASE(equals_the_reference_and_its_derivative) {
  using complex = std::complex<double>;
  for (const std::size_t channels : {1u, 2u, 3u, 10u, 17u, 33u}) {
    for (const std::size_t pixels : {1u, 4u}) {
      const std::size_t count = pixels * channels * block_lanes;
      const std::vector<float> x = normals(count, 1, 5), g = normals(count, 2, 1);
      for (const bool logarithm : {false, true}) {
        // Lane by lane and pixel by pixel; the derivative of sum(g y) by complex steps.
        std::vector<double> y(count), dx(count);
        for (std::size_t p = 0; p < pixels; ++p) {
          for (std::size_t lane = 0; lane < block_lanes; ++lane) {
            const auto at = [&](std::size_t c) { return (p * channels + c) * block_lanes + lane; };
            for (std::size_t moved = 0; moved < channels; ++moved) {
              std::vector<complex> z;
              for (std::size_t c = 0; c < channels; ++c) {
                z.emplace_back(static_cast<double>(x[at(c)]), c == moved ? 1e-30 : 0.0);
              }
              reference::softmax<complex>(z, channels, logarithm);
              y[at(moved)] = z[moved].real();
              for (std::size_t c = 0; c < channels; ++c) {
                dx[at(moved)] += static_cast<double>(g[at(c)]) * z[c].imag() / 1e-30;
              }
            }
          }
        }
        std::vector<double> bounds(count), slack(count, 1e-6 * static_cast<double>(channels) + 2e-6);
        for (std::size_t i = 0; i < count; ++i) bounds[i] = 1e-6 * ((logarithm ? 1 : 0.1) + std::abs(y[i]));
        for (const auto& k : every_softmax()) BOOST_TEST_CONTEXT(k.name << ", " << channels) {
          guarded<float> found(count), back(count), alone(pixels * channels);
          k.forward(pixels, channels, logarithm, x.data(), found.data());
          k.gradient(pixels, channels, logarithm, found.data(), g.data(), back.data());
          check_close(found.values(), y, bounds, "y");
          check_close(back.values(), dx, slack, "dx");
          // The sample of the third lane alone, [pixel][channel].
          std::vector<float> sample(pixels * channels);
          std::vector<double> expected, its_bounds;
          for (std::size_t i = 0; i < sample.size(); ++i) {
            sample[i] = x[i * block_lanes + 2];
            expected.push_back(y[i * block_lanes + 2]);
            its_bounds.push_back(bounds[i * block_lanes + 2]);
          }
          k.single(pixels, channels, logarithm, sample.data(), alone.data());
          check_close(alone.values(), expected, its_bounds, "one sample");
          BOOST_TEST((found.intact() && back.intact() && alone.intact()));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(never_overflows_and_hides_no_nan) {
  constexpr float huge = std::numeric_limits<float>::max(), nan = std::numeric_limits<float>::quiet_NaN();
  constexpr float infinity = std::numeric_limits<float>::infinity();
  for (const auto& k : every_softmax()) BOOST_TEST_CONTEXT(k.name) {
    const auto alone = [&](bool logarithm, const std::vector<float>& x) {
      std::vector<float> y(x.size()), block(x.size() * block_lanes), all(block.size());
      k.single(1, x.size(), logarithm, x.data(), y.data());
      for (std::size_t i = 0; i < block.size(); ++i) block[i] = x[i / block_lanes];
      k.forward(1, x.size(), logarithm, block.data(), all.data());
      for (std::size_t i = 0; i < all.size(); ++i) {
        const float v = y[i / block_lanes];
        BOOST_TEST((all[i] == v || (v != v && all[i] != all[i])));
      }
      return y;
    };
    BOOST_TEST((alone(false, {huge, -huge, huge}) == std::vector<float>{0.5f, 0, 0.5f}));
    BOOST_TEST((alone(false, {-infinity, 1, -infinity}) == std::vector<float>{0, 1, 0}));
    BOOST_TEST((alone(true, {-infinity, 1}) == std::vector<float>{-infinity, 0}));
    BOOST_TEST((alone(true, {0, -200}) == std::vector<float>{0, -200}));
    // As in PyTorch, nothing is certain about these.
    for (const std::vector<float>& x : {std::vector<float>{1, nan, 2}, {infinity, 1}, {-infinity, -infinity}}) {
      for (const bool logarithm : {false, true}) {
        const std::vector<float> y = alone(logarithm, x);
        BOOST_TEST(std::isnan(y[0]));
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tesela
#endif
