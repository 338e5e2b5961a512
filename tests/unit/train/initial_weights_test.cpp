// SPDX-License-Identifier: MIT
// How weights begin: their distribution, and that layers draw from streams of their own.
#include "networks.hpp"

#include "tesela/network/model.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

struct moments {
  double mean = 0, deviation = 0, fourth = 0;  // fourth: of the standardised values
};

moments moments_of(const std::vector<float>& values) {
  moments m;
  const auto count = static_cast<double>(values.size());
  for (const float v : values) m.mean += static_cast<double>(v) / count;
  double square = 0, fourth = 0;
  for (const float v : values) {
    const double d = static_cast<double>(v) - m.mean;
    square += d * d / count;
    fourth += d * d * d * d / count;
  }
  m.deviation = std::sqrt(square);
  m.fourth = fourth / (square * square);
  return m;
}

template <class Net>
std::vector<float> weights_of(Net net, const std::string& name, std::uint64_t seed = 1) {
  const ts::model model{net, ts::init::he_normal, ts::seed{seed}};
  for (const ts::named_tensor& tensor : model.state_dict()) {
    if (tensor.name == name) return tensor.values;
  }
  BOOST_FAIL("no tensor " + name);
  return {};
}

// Standard errors of n values: deviation / sqrt(n) for the mean, deviation / sqrt(2 n) for the
// deviation, sqrt(24 / n) for the fourth moment. Five of them are never exceeded by chance.
template <class Net>
void check_he_normal(Net net, const std::string& name, std::size_t fan_in) {
  const std::vector<float> weights = weights_of(net, name);
  const moments found = moments_of(weights);
  const auto n = static_cast<double>(weights.size());
  const double deviation = std::sqrt(2.0 / static_cast<double>(fan_in));
  BOOST_TEST(std::abs(found.mean) < 5 * deviation / std::sqrt(n), name);
  BOOST_TEST(std::abs(found.deviation - deviation) < 5 * deviation / std::sqrt(2 * n), name);
  BOOST_TEST(std::abs(found.fourth - 3) < 5 * std::sqrt(24 / n), name);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(initial_weights)

// fan_in counts a window's pixels in every channel, or a linear layer's inputs.
BOOST_AUTO_TEST_CASE(he_normal_has_the_deviation_of_its_fan_in) {
  check_he_normal(networks::m01, "1.weight", 3072);
  check_he_normal(networks::m01, "3.weight", 120);
  check_he_normal(networks::m07, "0.weight", 3 * 5 * 5);
  check_he_normal(networks::m07, "3.weight", 6 * 5 * 5);
  check_he_normal(networks::m07, "7.weight", 400);
}

BOOST_AUTO_TEST_CASE(biases_begin_at_zero) {
  const ts::model model{networks::m07, ts::init::he_normal, ts::seed{1}};
  for (const ts::named_tensor& tensor : model.state_dict()) {
    if (!tensor.name.ends_with(".bias")) continue;
    for (const float value : tensor.values) BOOST_TEST_REQUIRE(value == 0, tensor.name);
  }
}

// Two layers of the same shape begin with different weights, and a layer in front of another one
// leaves the other's numbers alone if its place is the same.
BOOST_AUTO_TEST_CASE(every_layer_draws_from_a_stream_of_its_own) {
  constexpr auto twice = ts::input<20> | ts::linear<20> | ts::linear<20>;
  BOOST_TEST(weights_of(twice, "0.weight") != weights_of(twice, "1.weight"));
  constexpr auto other = ts::input<20> | ts::relu | ts::linear<20>;
  BOOST_TEST(weights_of(other, "1.weight") == weights_of(twice, "1.weight"));
  BOOST_TEST(weights_of(twice, "0.weight", 1) != weights_of(twice, "0.weight", 2));
}

// A seed means the same weights in PyTorch's order, whatever the layout inside: behind a flatten
// too.
BOOST_AUTO_TEST_CASE(weights_are_drawn_in_pytorchs_order) {
  constexpr auto image = ts::input<3, 4, 4> | ts::flatten | ts::linear<7>;
  constexpr auto vector = ts::input<48> | ts::identity | ts::linear<7>;
  BOOST_TEST(weights_of(image, "1.weight") == weights_of(vector, "1.weight"));
}

BOOST_AUTO_TEST_SUITE_END()
