// SPDX-License-Identifier: MIT
// The accuracy that kernel/winograd-inl.hpp promises, against sums in double.
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/kernel/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

using namespace tesela;
using isa_type = static_isa;

std::vector<float> noise(std::size_t count, std::uint32_t stream) {
  const random_stream random{seed{5}, stream};
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = random.normal(i);
  return values;
}

// The largest error of all three passes, each relative to its largest value; every 7th output of lane
// 3 is compared with sums in double.
struct errors {
  double forward = 0, data_gradient = 0, weight_gradient = 0;
};

struct worst {
  double difference = 0, largest = 0;
  void add(double found, double expected) {
    difference = std::max(difference, std::abs(found - expected));
    largest = std::max(largest, std::abs(expected));
  }
  double relative() const { return difference / largest; }
};

errors measure(const convolution& g) {
  const std::size_t lanes = block_lanes;
  const auto x = noise(g.in.size() * lanes, 1), dy = noise(g.out.size() * lanes, 2);
  const auto weights = noise(g.weight_floats(), 3);
  const std::vector<float> bias(g.out.channels, 0.0f);
  const winograd_tiles there = tiles_of(g.out), back = tiles_of(g.in);
  std::vector<float> y(dy.size()), dx(x.size()), dw(g.weight_floats());
  std::vector<float> scratch(std::max({
      winograd_scratch(there, g.in.channels, g.out.channels).floats(),
      winograd_scratch(back, g.out.channels, g.in.channels).floats(),
      winograd_gradient_floats(g.out.channels),
  }));
  std::vector<float> transposed(winograd_tile_floats(there.count(), g.in.channels) + 64);
  std::vector<float> tiles(winograd_tile_floats(there.count(), g.out.channels));

  isa_type::with<layers::identity>::winograd_convolve(g, weights.data(), bias.data(), x.data(),
                                                      transposed.data(), scratch.data(), y.data());
  isa_type::winograd_gradient_tiles(g, dy.data(), tiles.data());
  isa_type::winograd_data_gradient(g, weights.data(), dy.data(), scratch.data(), dx.data());
  for (std::size_t row = 0; row < g.out.channels; row += winograd_gradient_panel) {
    isa_type::winograd_weight_gradient(g, row,
                                       std::min(row + winograd_gradient_panel, g.out.channels),
                                       tiles.data(), transposed.data(), 1, 0, scratch.data(), dw.data());
  }

  const auto w_at = [&](std::size_t ky, std::size_t kx, std::size_t co, std::size_t ci) {
    return (ky * g.out.channels + co) * g.weight_row() + kx * g.in.channels + ci;
  };
  // Calls f(ky, kx, iy, ix) for the taps of output pixel (oy, ox) inside the image.
  const auto taps = [&](std::size_t oy, std::size_t ox, const auto& f) {
    for (std::size_t ky = 0; ky < 3; ++ky) {
      for (std::size_t kx = 0; kx < 3; ++kx) {
        // Wraps outside.
        const std::size_t iy = oy + ky - g.padding.rows, ix = ox + kx - g.padding.columns;
        if (iy < g.in.height && ix < g.in.width) f(ky, kx, iy, ix);
      }
    }
  };
  const auto x_at = [&](std::size_t iy, std::size_t ix, std::size_t c, std::size_t lane) {
    return ((iy * g.in.width + ix) * g.in.channels + c) * lanes + lane;
  };
  const auto y_at = [&](std::size_t oy, std::size_t ox, std::size_t c, std::size_t lane) {
    return ((oy * g.out.width + ox) * g.out.channels + c) * lanes + lane;
  };

  worst forward, data, weight;
  std::vector<double> dx_exact(g.in.size(), 0.0);
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    for (std::size_t ox = 0; ox < g.out.width; ++ox) {
      for (std::size_t co = 0; co < g.out.channels; ++co) {
        double sum = 0;
        taps(oy, ox, [&](std::size_t ky, std::size_t kx, std::size_t iy, std::size_t ix) {
          for (std::size_t ci = 0; ci < g.in.channels; ++ci) {
            const double w = weights[w_at(ky, kx, co, ci)];
            sum += w * double{x[x_at(iy, ix, ci, 3)]};
            dx_exact[(iy * g.in.width + ix) * g.in.channels + ci] +=
                w * double{dy[y_at(oy, ox, co, 3)]};
          }
        });
        forward.add(y[y_at(oy, ox, co, 3)], sum);
      }
    }
  }
  for (std::size_t i = 0; i < dx_exact.size(); ++i) data.add(dx[i * lanes + 3], dx_exact[i]);
  for (std::size_t co = 0; co < g.out.channels; co += 7) {
    for (std::size_t ci = 0; ci < g.in.channels; ci += 5) {
      double exact[3][3] = {};
      for (std::size_t oy = 0; oy < g.out.height; ++oy) {
        for (std::size_t ox = 0; ox < g.out.width; ++ox) {
          taps(oy, ox, [&](std::size_t ky, std::size_t kx, std::size_t iy, std::size_t ix) {
            for (std::size_t lane = 0; lane < lanes; ++lane) {
              exact[ky][kx] +=
                  double{dy[y_at(oy, ox, co, lane)]} * double{x[x_at(iy, ix, ci, lane)]};
            }
          });
        }
      }
      for (std::size_t ky = 0; ky < 3; ++ky) {
        for (std::size_t kx = 0; kx < 3; ++kx) weight.add(dw[w_at(ky, kx, co, ci)], exact[ky][kx]);
      }
    }
  }
  return {forward.relative(), data.relative(), weight.relative()};
}

void check(const convolution& g) {
  const errors e = measure(g);
  BOOST_TEST_MESSAGE("forward " << e.forward << ", data gradient " << e.data_gradient
                                << ", weight gradient " << e.weight_gradient);
  BOOST_TEST(e.forward < 2e-5);
  BOOST_TEST(e.data_gradient < 2e-5);
  BOOST_TEST(e.weight_gradient < 2e-5);
}

BOOST_AUTO_TEST_SUITE(winograd)

BOOST_AUTO_TEST_CASE(few_channels_are_within_the_promised_error) {
  check({.in = {32, 8, 8}, .out = {33, 8, 8}, .kernel = 3, .padding = 1});
}
BOOST_AUTO_TEST_CASE(many_channels_are_within_the_promised_error) {
  check({.in = {256, 8, 8}, .out = {64, 8, 8}, .kernel = 3, .padding = 1});
}
BOOST_AUTO_TEST_CASE(tiles_that_overhang_are_within_the_promised_error) {
  check({.in = {40, 7, 13}, .out = {35, 5, 11}, .kernel = 3, .padding = 0});
  check({.in = {37, 6, 5}, .out = {32, 8, 7}, .kernel = 3, .padding = 2});
}

BOOST_AUTO_TEST_CASE(it_is_chosen_where_it_pays_and_never_against_the_users_word) {
  static constexpr convolution vgg{.in = {128, 8, 8}, .out = {256, 8, 8}, .kernel = 3, .padding = 1};
  static_assert(winograd_pays(vgg));
  convolution other = vgg;
  other.direct = true;
  BOOST_TEST(!winograd_pays(other));
  other = vgg;
  other.stride = 2;
  BOOST_TEST(!winograd_pays(other));
  other = vgg;
  other.dilation = {1, 2};
  BOOST_TEST(!winograd_pays(other));
  other = vgg;
  other.kernel = {3, 1};
  BOOST_TEST(!winograd_pays(other));
  other = vgg;
  other.in.channels = 3;  // the first layer
  BOOST_TEST(!winograd_pays(other));
  other = vgg;
  other.in.height = other.in.width = other.out.height = other.out.width = 2;  // a quarter of a tile
  BOOST_TEST(!winograd_pays(other));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
