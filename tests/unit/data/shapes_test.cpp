// SPDX-License-Identifier: MIT
// Made-up images: layout, repeatability, and that neither colour nor place gives the class away.
#include "tesela/data/shapes.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "message_of.hpp"

namespace {

using tesela::seed;
using tesela::data::dataset;
using tesela::data::shapes;

constexpr std::size_t image = 3072;

const std::uint8_t* bytes(const dataset& samples) {
  return static_cast<const std::uint8_t*>(samples.source().values);
}

BOOST_AUTO_TEST_SUITE(made_up_shapes)

BOOST_AUTO_TEST_CASE(both_sets_look_like_cifar10_and_are_balanced) {
  const auto [train, test] = shapes({.train = 50, .test = 23});
  for (const dataset* samples : {&train, &test}) {
    BOOST_TEST((samples->extents() == std::array<std::size_t, 3>{3, 32, 32}));
    BOOST_TEST((samples->element_type() == tesela::element::u8));
    BOOST_TEST(samples->classes() == 10U);
  }
  BOOST_TEST(train.size() == 50U);
  BOOST_TEST(test.size() == 23U);
  BOOST_TEST((train.per_class_counts() == std::vector<std::size_t>(10, 5)));
  BOOST_TEST((test.per_class_counts() == std::vector<std::size_t>{3, 3, 3, 2, 2, 2, 2, 2, 2, 2}));
  BOOST_TEST(train.scale()[0] == 1.0F / 127.5F);
  BOOST_TEST(train.shift()[0] == -1.0F);
}

BOOST_AUTO_TEST_CASE(images_follow_from_the_seed_and_their_number) {
  const auto once = shapes({.train = 40, .test = 40, .seed = seed{5}});
  const auto longer = shapes({.train = 60, .test = 40, .seed = seed{5}});
  const auto other = shapes({.train = 40, .test = 40, .seed = seed{6}});
  BOOST_TEST(std::memcmp(bytes(once.train), bytes(longer.train), 40 * image) == 0);
  BOOST_TEST(std::memcmp(bytes(once.test), bytes(longer.test), 40 * image) == 0);
  std::set<std::string> different;
  for (const dataset* samples : {&once.train, &once.test, &other.train, &other.test}) {
    for (std::size_t i = 0; i < 40; ++i) {
      different.emplace(reinterpret_cast<const char*>(bytes(*samples)) + i * image, image);
    }
  }
  BOOST_TEST(different.size() == 160U);
}

// Recorded on g++ 12, x86-64. All decisions are made in double and rounded to bytes, so other
// mathematics libraries agree unless a value falls within 1e-13 of a boundary.
BOOST_AUTO_TEST_CASE(images_stay_what_they_were) {
  const auto [train, test] = shapes({.train = 100, .test = 1, .seed = seed{1}});
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (std::size_t i = 0; i < 100 * image; ++i) hash = (hash ^ bytes(train)[i]) * 0x100000001b3;
  BOOST_TEST(hash == 0x3c77679b1b471ceeU);
}

BOOST_AUTO_TEST_CASE(every_shape_has_the_area_of_its_formula) {
  // Counted on a grid of 0.01, which is wrong by at most the length of the outline times it.
  const auto area = [](int kind) {
    double sum = 0;
    for (int y = -160; y < 160; ++y) {
      for (int x = -160; x < 160; ++x) {
        sum += tesela::data::detail::to_shape(kind, {(x + 0.5) / 100, (y + 0.5) / 100}) < 0 ? 1 : 0;
      }
    }
    return sum / 10'000;
  };
  const double pi = 3.14159265358979;
  BOOST_TEST(std::abs(area(0) - pi * 0.81) < 0.02);
  BOOST_TEST(std::abs(area(1) - 2.56) < 0.02);
  BOOST_TEST(std::abs(area(2) - 3 * std::sqrt(3.0) / 4 * 1.15 * 1.15) < 0.02);
  BOOST_TEST(std::abs(area(3) - (2 * 2 * 0.56 - 0.56 * 0.56)) < 0.02);
  BOOST_TEST(std::abs(area(4) - pi * (0.92 * 0.92 - 0.52 * 0.52)) < 0.02);
  BOOST_TEST(std::abs(area(5) - 10 * 0.5 * 1.15 * 0.45 * std::sin(pi / 5)) < 0.02);
  BOOST_TEST(area(6) == area(7));
  BOOST_TEST(std::abs(area(8) - 2) < 0.02);
  BOOST_TEST(area(9) > 0.8);
  BOOST_TEST(area(9) < 1.6);
}

BOOST_AUTO_TEST_CASE(neither_mean_colour_nor_mean_image_tells_the_class) {
  const std::size_t count = 5000;
  const auto [train, test] = shapes({.train = count, .test = 1, .seed = seed{3}});
  // Mean of each channel by class: its standard error is below 60 / sqrt(500) = 2.7.
  std::array<std::array<double, 3>, 10> mean{};
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t c = 0; c < 3; ++c) {
      const std::uint8_t* first = bytes(train) + i * image + c * 1024;
      mean[i % 10][c] += std::accumulate(first, first + 1024, 0.0) / 1024 / (count / 10);
    }
  }
  for (std::size_t k = 0; k < 10; ++k) {
    for (std::size_t c = 0; c < 3; ++c) BOOST_TEST(std::abs(mean[k][c] - 127.5) < 5 * 2.7);
  }
}

BOOST_AUTO_TEST_CASE(empty_and_uncountable_sets_are_refused) {
  const auto refusal = [](std::size_t train, std::size_t test) {
    return message_of<tesela::usage_error>([&] { shapes({.train = train, .test = test}); });
  };
  BOOST_TEST(refusal(0, 10) == "shapes: a set has 1 to 4294967295 images, not 0");
  BOOST_TEST(refusal(10, 0) == "shapes: a set has 1 to 4294967295 images, not 0");
  BOOST_TEST(refusal(std::size_t{1} << 32, 10) ==
             "shapes: a set has 1 to 4294967295 images, not 4294967296");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
