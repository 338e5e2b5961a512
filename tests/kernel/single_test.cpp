// SPDX-License-Identifier: MIT
// The kernels of one sample alone, on every instruction set, against the reference.
#include "geometries.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include "tesela/kernel/single.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

// Channels first to [pixel][channel].
std::vector<float> interleaved(const image& of, const std::vector<float>& planes) {
  std::vector<float> pixels(planes.size());
  for (std::size_t i = 0; i < planes.size(); ++i) {
    pixels[i % of.pixels() * of.channels + i / of.pixels()] = planes[i];
  }
  return pixels;
}

const std::vector<convolution>& awkward() {
  static const std::vector<convolution> all{
      convolution_of({1, 1, 1}, 1, 1),
      convolution_of({17, 1, 1}, 29, 1),
      convolution_of({300, 1, 1}, 17, 1),
      convolution_of({128, 1, 1}, 16, 1),
      convolution_of({2, 2, 2}, 3, 2),
      convolution_of({6, 5, 3}, 7, 3),
      convolution_of({3, 5, 5}, 28, 5),
      convolution_of({2, 5, 3}, 3, 3, 1, 1),
      convolution_of({3, 1, 2}, 5, 3, 1, 1),
      convolution_of({2, 2, 1}, 3, 3, 1, 3),
      convolution_of({2, 2, 2}, 3, 1, 1, 2),
      convolution_of({3, 1, 2}, 4, 5, 2, 2),
      convolution_of({13, 7, 6}, 16, 3, 2, 1),
      convolution_of({16, 5, 7}, 13, 3, 3, 0),
      convolution_of({2, 9, 7}, 3, 2, 3, 0),
      convolution_of({29, 5, 3}, 28, 3, 1, 1),
      convolution_of({64, 4, 9}, 15, 2, 1, 1),
      convolution_of({31, 4, 17}, 9, 3, 1, 1),
      convolution_of({3, 4, 33}, 6, 5, 1, 2),
      convolution_of({4, 1, 19}, 3, {1, 5}, {1, 2}, {0, 2}),
      convolution_of({5, 7, 9}, 13, {4, 3}, {1, 3}, {2, 0}),
      convolution_of({33, 3, 5}, 14, {2, 3}, {2, 1}, {1, 1}),
      convolution_of({3, 4, 6}, 5, {3, 1}, 1, {2, 0}),
      convolution_of({3, 7, 17}, 5, 3, 1, 0, 2),
      convolution_of({2, 6, 9}, 7, {2, 3}, 1, {0, 1}, {3, 4}),
      convolution_of({2, 3, 3}, 4, 2, 1, 3, 5),
      convolution_of({3, 11, 10}, 2, {3, 2}, {4, 6}, {3, 2}, {2, 4}),
      convolution_of({17, 6, 9}, 14, {1, 3}, 1, {0, 3}, {1, 3}),
      convolution_of({31, 5, 8}, 9, 3, {1, 2}, 1, {1, 2}),
      convolution_of({3, 5, 40}, 9, {1, 25}, {2, 1}, {0, 8}, {1, 2}),
      convolution_of({150, 4, 4}, 37, 3, 1, 1),
      convolution_of({201, 6, 3}, 9, {3, 2}, {2, 1}, {2, 1}, {1, 2}),
      convolution_of({7, 9, 8}, 33, 5, 1, 2),
  };
  return all;
}

float relu(float x) { return x > 0 ? x : 0.0f; }

BOOST_AUTO_TEST_SUITE(single_sample_kernels)

BOOST_AUTO_TEST_CASE(interleaving_moves_channels_last) {
  for (const image& of : {image{1, 1, 1}, image{3, 5, 7}, image{17, 2, 1}}) {
    const std::vector<float> planes = normals(of.size(), 1);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name << " " << of) {
      guarded<float> pixels(of.size());
      k.single_interleave(of, planes.data(), pixels.data());
      check_equal(pixels.values(), interleaved(of, planes), "pixels");
      BOOST_TEST(pixels.intact());
    }
  }
}

BOOST_AUTO_TEST_CASE(convolution_is_the_reference_exactly) {
  for (const convolution& g : awkward()) BOOST_TEST_CONTEXT(g) {
    const std::vector<float> planes = integers(g.in.size(), 1), weights = integers(g.weight_count(), 2),
                             bias = integers(g.out.channels, 3, 9);
    std::vector<float> expected = interleaved(g.out, reference::conv2d<float>(g, planes, weights, bias));
    for (float& v : expected) v = relu(v);
    const guarded<float> x(interleaved(g.in, planes)), w(to_kernel(g, weights)), b(bias);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
      guarded<float> padded(single_padded_floats(g)), y(g.out.size()), by_dots(g.out.size());
      k.single_convolve(g, w.data(), b.data(), x.data(), padded.data(), y.data());
      check_equal(y.values(), expected, "y by vectors over outputs");
      BOOST_TEST((padded.intact() && y.intact()));
      k.single_linear(g, w.data(), b.data(), x.data(), by_dots.data());
      check_equal(by_dots.values(), expected, "y by dot products");
      BOOST_TEST(by_dots.intact());
    }
  }
}

BOOST_AUTO_TEST_CASE(convolution_on_planes_is_the_reference_exactly) {
  for (const convolution& g : awkward()) {
    if (!runs_on_planes(g)) continue;
    for (const grid kernel : {grid(1), grid(2), grid(3), grid(1, 2), grid(3, 1)}) {
      if (kernel.rows > g.out.height || kernel.columns > g.out.width) continue;
      for (const grid stride : {grid(1), grid(2), grid(2, 1)}) {
        const pooling pool = pooling_of(g.out, kernel, stride);
        BOOST_TEST_CONTEXT(g << ", " << pool) {
          const std::vector<float> planes = integers(g.in.size(), 1),
                                   weights = integers(g.weight_count(), 2),
                                   bias = integers(g.out.channels, 3, 9);
          std::vector<float> all = reference::conv2d<float>(g, planes, weights, bias);
          for (float& v : all) v = relu(v);
          const std::vector<float> expected =
              interleaved(pool.out, reference::max_pool2d<float>(pool, all));
          const guarded<float> sample(planes), w(to_kernel(g, weights)), b(bias);
          for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
            guarded<float> padded(planar_input_floats(g)), scratch(planar_output_floats(g)),
                y(pool.out.size());
            k.single_planes(g, pool, w.data(), b.data(), sample.data(), padded.data(), scratch.data(),
                            y.data());
            check_equal(y.values(), expected, "y");
            BOOST_TEST((padded.intact() && scratch.intact() && y.intact()));
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(pooling_is_the_reference) {
  for (const pooling& g :
       {pooling_of({1, 2, 2}, 2, 2), pooling_of({3, 5, 7}, 2, 2), pooling_of({7, 6, 5}, 3, 2),
        pooling_of({17, 5, 4}, 2, 1), pooling_of({8, 7, 7}, 2, 3), pooling_of({33, 3, 3}, 3, 3),
        pooling_of({9, 5, 7}, {2, 3}, {2, 1}), pooling_of({3, 4, 6}, {1, 2}, {3, 1})}) {
    BOOST_TEST_CONTEXT(g) {
      std::vector<float> planes = integers(g.in.size(), 1, 9);
      planes[planes.size() / 2] = std::numeric_limits<float>::quiet_NaN();
      const std::vector<float> expected = interleaved(g.out, reference::max_pool2d<float>(g, planes));
      // Vectors read and write whole, beyond the last pixel: every buffer has that reserve.
      std::vector<float> pixels = interleaved(g.in, planes);
      pixels.resize(pixels.size() + alignment_floats);
      const guarded<float> x(pixels);
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        guarded<float> y(g.out.size() + alignment_floats);
        k.single_max_pool(g, x.data(), y.data());
        check_equal(y.values().first(g.out.size()), expected, "y");
        BOOST_TEST(y.intact());
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
