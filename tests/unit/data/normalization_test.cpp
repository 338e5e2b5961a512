// SPDX-License-Identifier: MIT
// Normalisation: ranges, fitted statistics against hand-made ones, and what cannot be normalised.
#include "tesela/data/normalization.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "message_of.hpp"

namespace {

using boost::test_tools::tolerance;
using tesela::data_error;
using tesela::usage_error;
using tesela::data::dataset;
using tesela::data::min_max;
using tesela::data::z_score;

const std::vector<std::string> names = {"only"};

// Two samples of 2x1x2: channel 0 has 2, 4, 4, 6 (mean 4, variance 2), channel 1 has 0, 0, 0, 128
// (mean 32, variance 3072). Factors of 2 are exact, with fused multiply-add and without.
const std::vector<std::uint8_t> two_samples = {2, 4, 0, 0, 4, 6, 0, 128};

dataset bytes() { return dataset::from_bytes({2, 1, 2}, names, two_samples, {0, 0}); }

dataset floats() {
  return dataset::from_floats({2, 1, 2}, names,
                              std::vector<float>(two_samples.begin(), two_samples.end()), {0, 0});
}

std::vector<float> sample(const dataset& samples, std::size_t position) {
  std::vector<float> values(samples.features());
  samples.copy_sample(position, values);
  return values;
}

BOOST_AUTO_TEST_SUITE(normalisation)

BOOST_AUTO_TEST_CASE(bytes_fill_their_range_up_to_rounding) {
  std::vector<std::uint8_t> all(256);
  for (std::size_t i = 0; i < 256; ++i) all[i] = static_cast<std::uint8_t>(i);
  const dataset samples = dataset::from_bytes({1, 16, 16}, names, all, {0});
  const auto signed_values = sample(tesela::data::normalize_minus_one_to_one(samples), 0);
  const auto unsigned_values = sample(tesela::data::normalize_zero_to_one(samples), 0);
  double signed_error = 0, unsigned_error = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    const double byte = static_cast<double>(i);
    signed_error = std::max(signed_error, std::abs(signed_values[i] - (byte / 127.5 - 1)));
    unsigned_error = std::max(unsigned_error, std::abs(unsigned_values[i] - byte / 255));
  }
  // The factor is wrong by up to 2^-24 of itself, then come half units in the last place of a
  // product up to 2 (or 1) and of a sum up to 1.
  BOOST_TEST(signed_error < 2 * 0x1p-24 + 0x1p-24 + 0x1p-25);
  BOOST_TEST(unsigned_error < 0x1p-24 + 0x1p-25);
  BOOST_TEST(signed_values[0] == -1.0F);
  BOOST_TEST(unsigned_values[0] == 0.0F);
  BOOST_TEST(unsigned_values[255] == 1.0F);
}

BOOST_AUTO_TEST_CASE(fixed_ranges_are_for_bytes) {
  BOOST_TEST(message_of<usage_error>([] { tesela::data::normalize_minus_one_to_one(floats()); }) ==
             "normalisation: [-1, 1] is defined for bytes, but this set holds floats: use min_max "
             "or z_score");
  BOOST_TEST(message_of<usage_error>([] { tesela::data::normalize_zero_to_one(floats()); }) ==
             "normalisation: [0, 1] is defined for bytes, but this set holds floats: use min_max "
             "or z_score");
}

BOOST_AUTO_TEST_CASE(statistics_are_those_of_the_population_in_each_channel) {
  for (const dataset& samples : {bytes(), floats()}) {
    const auto s = tesela::data::statistics(samples);
    BOOST_REQUIRE(s.size() == 2U);
    BOOST_TEST(s[0].least == 2.0F);
    BOOST_TEST(s[0].greatest == 6.0F);
    BOOST_TEST(s[0].mean == 4.0);
    BOOST_TEST(s[0].deviation == std::sqrt(2.0), tolerance(1e-15));
    BOOST_TEST(s[1].least == 0.0F);
    BOOST_TEST(s[1].greatest == 128.0F);
    BOOST_TEST(s[1].mean == 32.0);
    BOOST_TEST(s[1].deviation == std::sqrt(3072.0), tolerance(1e-15));
  }
}

BOOST_AUTO_TEST_CASE(statistics_see_the_view_and_not_the_storage) {
  const std::vector<std::uint32_t> second = {1};
  for (const dataset& samples : {bytes().subset(second), floats().subset(second)}) {
    const auto s = tesela::data::statistics(samples);
    BOOST_TEST(s[0].mean == 5.0);
    BOOST_TEST(s[0].deviation == 1.0);
    BOOST_TEST(s[0].least == 4.0F);
    BOOST_TEST(s[1].mean == 64.0);
    BOOST_TEST(s[1].greatest == 128.0F);
  }
}

BOOST_AUTO_TEST_CASE(z_score_gives_mean_0_and_deviation_1) {
  for (const dataset& samples : {bytes(), floats()}) {
    const dataset z = z_score::fit(samples)(samples);
    for (std::size_t channel = 0; channel < 2; ++channel) {
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t pixel = 0; pixel < 2; ++pixel) {
          const double value = sample(z, i)[channel * 2 + pixel];
          sum += value;
          squares += value * value;
        }
      }
      BOOST_TEST(std::abs(sum) < 1e-6);
      BOOST_TEST(squares / 4 == 1.0, tolerance(1e-6));
    }
    BOOST_TEST(sample(z, 0)[0] == static_cast<float>(-std::sqrt(2.0)), tolerance(1e-6F));
  }
}

BOOST_AUTO_TEST_CASE(a_fitted_normalisation_carries_to_other_sets_and_replaces_theirs) {
  const auto z = z_score::fit(bytes());
  const std::vector<std::uint8_t> other = {4, 8, 32, 32};
  const dataset test = dataset::from_bytes({2, 1, 2}, names, other, {0}).normalized({9, 9}, {9, 9});
  const auto values = sample(z(test), 0);
  BOOST_TEST(std::abs(values[0]) < 1e-6F);
  BOOST_TEST(values[1] == static_cast<float>(4 / std::sqrt(2.0)), tolerance(1e-6F));
  BOOST_TEST(std::abs(values[2]) < 1e-6F);
  BOOST_TEST(z.fitted_on()[1].mean == 32.0);
}

BOOST_AUTO_TEST_CASE(fitting_ignores_the_normalisation_of_the_fitted_set) {
  const dataset other = bytes().normalized({3, 3}, {7, 7});
  BOOST_TEST((sample(z_score::fit(other)(other), 1) == sample(z_score::fit(bytes())(bytes()), 1)));
}

BOOST_AUTO_TEST_CASE(min_max_maps_the_fitted_range_to_the_wanted_one) {
  for (const dataset& samples : {bytes(), floats()}) {
    const dataset symmetric = min_max::fit(samples)(samples);
    BOOST_TEST((sample(symmetric, 0) == std::vector<float>{-1, 0, -1, -1}));
    BOOST_TEST((sample(symmetric, 1) == std::vector<float>{0, 1, -1, 1}), "both ends are reached");
    const dataset unit = min_max::fit(samples, 0, 8)(samples);
    BOOST_TEST((sample(unit, 1) == std::vector<float>{4, 8, 0, 8}));
  }
}

BOOST_AUTO_TEST_CASE(min_max_refuses_a_range_that_does_not_rise) {
  const auto refusal = [](float low, float high) {
    return message_of<usage_error>([&] { min_max::fit(bytes(), low, high); });
  };
  const float infinity = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::string sentence = "min_max: the range must be finite and rise, not ";
  BOOST_TEST(refusal(1, 1) == sentence + "1 to 1");
  BOOST_TEST(refusal(1, -1) == sentence + "1 to -1");
  BOOST_TEST(refusal(nan, 1) == sentence + "nan to 1");
  BOOST_TEST(refusal(0, infinity) == sentence + "0 to inf");
  BOOST_TEST(refusal(-infinity, 0) == sentence + "-inf to 0");
  BOOST_TEST(message_of<usage_error>([] { min_max{bytes(), 1, 0}; }) == sentence + "1 to 0");
}

BOOST_AUTO_TEST_CASE(a_constant_channel_is_only_moved) {
  const dataset samples =
      dataset::from_floats({1, 1, 999}, names, std::vector<float>(999, 0.1F), {0});
  BOOST_TEST(tesela::data::statistics(samples)[0].deviation == 0.0);
  const dataset z = z_score::fit(samples)(samples);
  BOOST_TEST(z.scale()[0] == 1.0F);
  BOOST_TEST((sample(z, 0) == std::vector<float>(999, 0.0F)));
  const dataset m = min_max::fit(samples)(samples);
  BOOST_TEST(m.scale()[0] == 1.0F);
  BOOST_TEST((sample(m, 0) == std::vector<float>(999, -1.0F)));

  const dataset same = dataset::from_bytes({1, 1, 3}, names, {77, 77, 77}, {0});
  BOOST_TEST((sample(z_score::fit(same)(same), 0) == std::vector<float>(3, 0.0F)));
}

BOOST_AUTO_TEST_CASE(a_channel_too_narrow_for_a_float_factor_is_refused) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  const dataset samples = dataset::from_floats({2, 1, 2}, names, {1, 2, 0, tiny}, {0});
  const std::string sentence =
      "normalisation: channel 1 spans 0 to 1e-45, which a float factor cannot normalise";
  BOOST_TEST(message_of<data_error>([&] { z_score::fit(samples); }) == sentence);
  BOOST_TEST(message_of<data_error>([&] { min_max::fit(samples); }) == sentence);
}

BOOST_AUTO_TEST_CASE(the_widest_channel_there_is_can_be_normalised) {
  const float largest = std::numeric_limits<float>::max();
  const dataset samples = dataset::from_floats({1, 1, 2}, names, {-largest, largest}, {0});
  BOOST_TEST(sample(z_score::fit(samples)(samples), 0)[1] == 1.0F, tolerance(1e-6F));
  BOOST_TEST(sample(min_max::fit(samples)(samples), 0)[0] == -1.0F, tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(a_set_of_another_kind_is_refused) {
  const auto z = z_score::fit(bytes());
  const dataset flat = dataset::from_bytes({1, 1, 4}, names, two_samples, {0, 0});
  BOOST_TEST(message_of<usage_error>([&] { z(flat); }) ==
             "normalisation: fitted on 2 channels, but this set has 1");
  BOOST_TEST(message_of<usage_error>([&] { z(floats()); }) ==
             "normalisation: fitted on bytes, but this set holds floats");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
