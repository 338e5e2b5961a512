// SPDX-License-Identifier: MIT
// Philox against its published vectors, and what streams promise: ranges, moments, independence.
#include "tesela/kernel/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

namespace {

namespace purpose = tesela::purpose;
using tesela::philox4x32;
using tesela::random_stream;
using tesela::seed;
using words = std::array<std::uint32_t, 4>;

// Also usable by the compiler.
static_assert(philox4x32({0, 0, 0, 0}, {0, 0}) ==
              words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});

BOOST_AUTO_TEST_SUITE(random_numbers)

// kat_vectors of Random123, the authors' own distribution.
BOOST_AUTO_TEST_CASE(philox_gives_the_known_answers) {
  const std::uint32_t ones = 0xffffffff;
  BOOST_TEST(
      (philox4x32({0, 0, 0, 0}, {0, 0}) == words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  BOOST_TEST((philox4x32({ones, ones, ones, ones}, {ones, ones}) ==
              words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  BOOST_TEST(
      (philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
       words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

BOOST_AUTO_TEST_CASE(a_stream_is_philox_with_the_seed_as_key_and_its_coordinates_as_counter) {
  // Counter {element / 4, c, b, a} and key {low, high} chosen to meet the third known answer.
  const random_stream stream{seed{0x299f31d0a4093822}, 0x03707344, 0x13198a2e, 0x85a308d3};
  const std::uint64_t first = std::uint64_t{0x243f6a88} * 4;
  BOOST_TEST(stream.bits(first) == 0xd16cfe09U);
  BOOST_TEST(stream.bits(first + 1) == 0x94fdccebU);
  BOOST_TEST(stream.bits(first + 2) == 0x5001e420U);
  BOOST_TEST(stream.bits(first + 3) == 0x24126ea1U);
}

BOOST_AUTO_TEST_CASE(uniform_is_the_upper_24_bits_of_the_word) {
  const random_stream stream{seed{0x299f31d0a4093822}, 0x03707344, 0x13198a2e, 0x85a308d3};
  const std::uint64_t first = std::uint64_t{0x243f6a88} * 4;
  BOOST_TEST(stream.uniform(first) == static_cast<float>(0xd16cfe) / 16777216.0F);
}

BOOST_AUTO_TEST_CASE(uniform_numbers_have_the_moments_of_the_uniform_distribution) {
  const random_stream stream{seed{1}};
  const std::uint64_t count = 200'000;
  double sum = 0, squares = 0, lagged = 0;
  float least = 1, greatest = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const float u = stream.uniform(i);
    least = std::min(least, u);
    greatest = std::max(greatest, u);
    sum += double{u} - 0.5;
    squares += (double{u} - 0.5) * (double{u} - 0.5);
    lagged += (double{u} - 0.5) * (double{stream.uniform(i + 1)} - 0.5);
  }
  BOOST_TEST(least >= 0.0F);
  BOOST_TEST(greatest < 1.0F);
  BOOST_TEST(least < 1e-3F);
  BOOST_TEST(greatest > 0.999F);
  // Five standard errors: sigma = sqrt(1/12), of the square sqrt(1/180), of the product 1/12.
  const double root = std::sqrt(static_cast<double>(count));
  BOOST_TEST(std::abs(sum / count) < 5 * std::sqrt(1.0 / 12) / root);
  BOOST_TEST(std::abs(squares / count - 1.0 / 12) < 5 * std::sqrt(1.0 / 180) / root);
  BOOST_TEST(std::abs(lagged / count) < 5 * (1.0 / 12) / root);
}

BOOST_AUTO_TEST_CASE(uniform_between_bounds_never_reaches_the_upper_one) {
  const random_stream stream{seed{2}};
  const float low = 1.0F, high = std::nextafter(1.0F, 2.0F);  // no float lies between
  bool all_low = true;
  for (std::uint64_t i = 0; i < 1000; ++i) all_low = all_low && stream.uniform(i, low, high) == low;
  BOOST_TEST(all_low);

  float least = 1e9F, greatest = -1e9F;
  for (std::uint64_t i = 0; i < 10'000; ++i) {
    const float u = stream.uniform(i, -3.0F, 5.0F);
    least = std::min(least, u);
    greatest = std::max(greatest, u);
    BOOST_REQUIRE_SMALL(u - (-3.0F + 8.0F * stream.uniform(i)), 1e-5F);
  }
  BOOST_TEST(least >= -3.0F);
  BOOST_TEST(least < -2.98F);
  BOOST_TEST(greatest < 5.0F);
  BOOST_TEST(greatest > 4.98F);
  // The widest range there is does not overflow.
  const float largest = std::numeric_limits<float>::max();
  BOOST_TEST(std::isfinite(stream.uniform(3, -largest, largest)));
}

BOOST_AUTO_TEST_CASE(normal_numbers_have_the_moments_of_the_normal_distribution) {
  const random_stream stream{seed{3}, purpose::weights};
  const std::uint64_t count = 200'000;
  double m1 = 0, m2 = 0, m3 = 0, m4 = 0, paired = 0;
  std::uint64_t within_one = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double x = stream.normal(i);
    m1 += x;
    m2 += x * x;
    m3 += x * x * x;
    m4 += x * x * x * x;
    paired += x * static_cast<double>(stream.normal(i ^ 1U));
    within_one += std::abs(x) < 1 ? 1U : 0U;
  }
  const double n = static_cast<double>(count), root = std::sqrt(n);
  BOOST_TEST(std::abs(m1 / n) < 5 / root);
  BOOST_TEST(std::abs(m2 / n - 1) < 5 * std::sqrt(2.0) / root);
  BOOST_TEST(std::abs(m3 / n) < 5 * std::sqrt(15.0) / root);
  BOOST_TEST(std::abs(m4 / n - 3) < 5 * std::sqrt(96.0) / root);
  BOOST_TEST(std::abs(paired / n) < 5 * std::sqrt(2.0) / root);  // each pair counts twice
  const double expected = std::erf(std::sqrt(0.5));
  BOOST_TEST(std::abs(static_cast<double>(within_one) / n - expected) < 5 * 0.466 / root);
}

BOOST_AUTO_TEST_CASE(normal_numbers_follow_their_formula) {
  const random_stream stream{seed{4}, 9, 8, 7};
  for (const std::uint64_t pair : {0U, 1U, 2U, 1001U}) {
    const double u = (static_cast<double>(stream.bits(2 * pair)) + 1) / 4294967296.0;
    const double v = static_cast<double>(stream.bits(2 * pair + 1)) / 4294967296.0;
    const double radius = std::sqrt(-2 * std::log(u)), angle = 2 * 3.14159265358979323846 * v;
    BOOST_TEST(stream.normal(2 * pair) == static_cast<float>(radius * std::cos(angle)),
               boost::test_tools::tolerance(1e-6F));
    BOOST_TEST(stream.normal(2 * pair + 1) == static_cast<float>(radius * std::sin(angle)),
               boost::test_tools::tolerance(1e-6F));
  }
}

BOOST_AUTO_TEST_CASE(below_is_the_upper_part_of_the_96_bit_product) {
  const random_stream stream{seed{5}};
  for (const std::uint32_t n : {1U, 2U, 7U, 1000U, 0x80000001U, 0xffffffffU}) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      // Schoolbook product of the 64-bit number and n in 32-bit digits.
      const std::uint64_t low = std::uint64_t{stream.bits(2 * i)} * n;
      const std::uint64_t high = std::uint64_t{stream.bits(2 * i + 1)} * n + (low >> 32);
      BOOST_REQUIRE_EQUAL(stream.below(i, n), static_cast<std::uint32_t>(high >> 32));
      BOOST_REQUIRE_LT(stream.below(i, n), n);
    }
  }
}

BOOST_AUTO_TEST_CASE(below_hits_every_value_equally_often) {
  const random_stream stream{seed{6}};
  std::array<double, 10> count{};
  for (std::uint64_t i = 0; i < 100'000; ++i) ++count[stream.below(i, 10)];
  double chi_squared = 0;
  for (const double c : count) chi_squared += (c - 10'000) * (c - 10'000) / 10'000;
  BOOST_TEST(chi_squared < 33.7);  // 9 degrees of freedom, probability 1e-4
}

BOOST_AUTO_TEST_CASE(a_permutation_holds_every_number_once_and_is_repeatable) {
  for (const std::uint32_t n : {0U, 1U, 2U, 3U, 1000U, 50'000U}) {
    const random_stream stream{seed{7}, purpose::epoch_order, n};
    const auto values = stream.permutation(n);
    BOOST_TEST((values == stream.permutation(n)));
    auto sorted = values;
    std::sort(sorted.begin(), sorted.end());
    bool complete = sorted.size() == n;
    for (std::uint32_t i = 0; i < sorted.size(); ++i) complete = complete && sorted[i] == i;
    BOOST_TEST(complete);
    if (n >= 1000) BOOST_TEST((values != sorted));
  }
}

BOOST_AUTO_TEST_CASE(all_orders_of_four_elements_are_equally_likely) {
  std::array<double, 256> count{};
  const std::uint32_t trials = 24'000;
  for (std::uint32_t trial = 0; trial < trials; ++trial) {
    const auto p = random_stream{seed{8}, purpose::user, trial}.permutation(4);
    ++count[p[0] * 64 + p[1] * 16 + p[2] * 4 + p[3]];
  }
  double chi_squared = 0;
  int orders = 0;
  for (const double c : count) {
    if (c == 0) continue;
    ++orders;
    chi_squared += (c - 1000) * (c - 1000) / 1000;
  }
  BOOST_TEST(orders == 24);
  BOOST_TEST(chi_squared < 56.0);  // 23 degrees of freedom, probability 1.4e-4
}

BOOST_AUTO_TEST_CASE(streams_that_differ_in_one_coordinate_differ_everywhere) {
  const std::vector<random_stream> streams = {
      random_stream{seed{0}},
      random_stream{seed{1}},
      random_stream{seed{std::uint64_t{1} << 32}},
      random_stream{seed{0}, 1},
      random_stream{seed{0}, 0, 1},
      random_stream{seed{0}, 0, 0, 1},
      random_stream{seed{0}, 0, 0, 0x80000000},
  };
  std::set<std::uint64_t> seen;  // 64 bits: an accidental meeting has probability 1e-14
  for (const random_stream& stream : streams) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      seen.insert((std::uint64_t{stream.bits(2 * i)} << 32) | stream.bits(2 * i + 1));
    }
  }
  BOOST_TEST(seen.size() == streams.size() * 100);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
