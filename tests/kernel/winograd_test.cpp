// SPDX-License-Identifier: MIT
// Winograd's convolution on every instruction set, against sums as they are written, in double.
#include "geometries.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include "tesela/kernel/winograd.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

// Of the largest value: what kernel/winograd-inl.hpp promises.
constexpr double promised = 1e-5;

void check_promise(std::span<const float> found, const std::vector<double>& expected,
                   const char* what) {
  double largest = 0;
  for (const double v : expected) largest = std::max(largest, std::abs(v));
  const std::vector<double> bounds(expected.size(), promised * largest);
  check_close(found, expected, bounds, what);
}

BOOST_AUTO_TEST_SUITE(winograd_kernels)

BOOST_AUTO_TEST_CASE(all_three_passes_are_as_exact_as_promised) {
  for (const convolution& g :
       {convolution_of({1, 3, 3}, 1, 3), convolution_of({3, 1, 1}, 2, 3, 1, 1),
        convolution_of({5, 6, 6}, 7, 3), convolution_of({7, 5, 7}, 5, 3, 1, 1),
        convolution_of({2, 4, 3}, 3, 3, 1, 2), convolution_of({33, 8, 5}, 17, 3, 1, 1),
        convolution_of({17, 9, 4}, 33, 3, 1, 0), convolution_of({6, 3, 9}, 5, 3, 1, {2, 0}),
        convolution_of({5, 7, 4}, 3, 3, 1, {1, 2}), convolution_of({128, 4, 4}, 13, 3, 1, 1),
        convolution_of({13, 4, 12}, 70, 3, 1, 1)}) {
    BOOST_TEST_CONTEXT(g) {
      constexpr std::size_t blocks = 2;
      const winograd_tiles there = tiles_of(g.out), back = tiles_of(g.in);
      const std::vector<float> images = normals(g.in.size() * block_lanes, 1);
      const std::vector<float> weights = normals(g.weight_count(), 2), bias = normals(g.out.channels, 3);
      const std::vector<float> upstream = normals(g.out.size() * block_lanes, 4);
      std::vector<double> y(g.out.size() * block_lanes), dx(images.size()), dw(g.weight_floats());
      for (std::size_t lane = 0; lane < block_lanes; ++lane) {
        for (std::size_t i = 0; i < g.out.size(); ++i) {
          y[lane * g.out.size() + i] = bias[i / g.out.pixels()];
        }
        for_each_product(g, [&](std::size_t o, std::size_t w, std::size_t i) {
          const double x = images[lane * g.in.size() + i], dy = upstream[lane * g.out.size() + o];
          y[lane * g.out.size() + o] += double{weights[w]} * x;
          dx[lane * g.in.size() + i] += double{weights[w]} * dy;
          // The second block has the same images and three times the gradients.
          dw[weight_at(g, w / 9 / g.in.channels, w / 9 % g.in.channels, w % 9 / 3, w % 3)] +=
              4 * x * dy;
        });
      }
      y = to_block(g.out, y);
      dx = to_block(g.in, dx);

      const guarded<float> x(to_block(g.in, images)), dy(to_block(g.out, upstream)), b(bias),
          w(to_kernel(g, weights));
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        const std::size_t of_x = winograd_tile_floats(there.count(), g.in.channels);
        const std::size_t of_dy = winograd_tile_floats(there.count(), g.out.channels);
        guarded<float> operands(blocks * (of_x + of_dy));  // of the weight gradient, block by block

        guarded<float> scratch(winograd_scratch(there, g.in.channels, g.out.channels).floats()),
            y_found(y.size());
        k.winograd_convolve(g, w.data(), b.data(), x.data(), operands.data(), scratch.data(),
                            y_found.data());
        BOOST_TEST((operands.intact() && scratch.intact() && y_found.intact()));
        check_promise(y_found.values(), y, "y");

        guarded<float> back_scratch(winograd_scratch(back, g.out.channels, g.in.channels).floats()),
            dx_found(dx.size());
        k.winograd_data_gradient(g, w.data(), dy.data(), back_scratch.data(), dx_found.data());
        BOOST_TEST((back_scratch.intact() && dx_found.intact()));
        check_promise(dx_found.values(), dx, "dx");

        k.winograd_gradient_tiles(g, dy.data(), operands.data() + of_x);
        for (std::size_t i = 0; i < of_x + of_dy; ++i) {
          operands[of_x + of_dy + i] = (i < of_x ? 1.0f : 3.0f) * operands[i];
        }
        BOOST_TEST(operands.intact());
        guarded<float> dw_found(g.weight_floats());
        for (std::size_t row = 0; row < g.out.channels; row += winograd_gradient_panel) {
          const std::size_t end = std::min(row + winograd_gradient_panel, g.out.channels);
          guarded<float> sums(winograd_gradient_floats(end - row));
          k.winograd_weight_gradient(g, row, end, operands.data() + of_x, operands.data(), blocks,
                                     of_x + of_dy, sums.data(), dw_found.data());
          BOOST_TEST(sums.intact());
        }
        BOOST_TEST(dw_found.intact());
        for (std::size_t i = 0; i < dw.size(); ++i) {
          if (i % g.weight_row() < g.row_depth()) continue;
          BOOST_TEST_REQUIRE(guarded<float>::untouched(dw_found[i]));
          dw_found[i] = 0;
        }
        check_promise(dw_found.values(), dw, "dw");
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
