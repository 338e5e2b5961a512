// SPDX-License-Identifier: MIT
// The bits of a dropout: each as if its sample compared a number of its own with the probability.
#include "tesela/kernel/dropout.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

namespace {

namespace ts = tesela;

std::vector<std::uint32_t> drawn(const ts::random_stream& random, std::uint32_t threshold,
                                 std::size_t features) {
  std::vector<std::uint32_t> keep(features + 1, 0xabababab);
  ts::draw_dropout(random, threshold, features, keep.data());
  BOOST_TEST(keep.back() == 0xabababab);
  keep.pop_back();
  return keep;
}

BOOST_AUTO_TEST_SUITE(dropout_bits)

BOOST_AUTO_TEST_CASE(compare_a_number_of_24_bits_with_the_probability) {
  const ts::random_stream random{ts::seed{5}, ts::purpose::dropout};
  for (const std::uint32_t threshold : {1u << 23, 1u << 22, 3u << 22, 0x19999au, 1u, 0xffffffu, 0x555555u}) {
    unsigned bits = 24;
    while ((threshold >> (24 - bits) & 1) == 0) --bits;
    const auto keep = drawn(random, threshold, 37);
    for (std::size_t f = 0; f < keep.size(); ++f) {
      for (unsigned sample = 0; sample < 32; ++sample) {
        std::uint32_t number = 0;  // its first `bits` bits, front first; the others do not matter
        for (unsigned k = 0; k < bits; ++k) {
          number |= (random.bits(f * bits + k) >> sample & 1) << (23 - k);
        }
        BOOST_TEST_REQUIRE((keep[f] >> sample & 1) == (number >= threshold ? 1u : 0u));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(drop_the_share_that_was_asked_for) {
  for (const float probability : {0.1f, 0.25f, 0.5f, 0.9f}) {
    constexpr std::size_t features = 20'000;
    std::size_t dropped = 0;
    for (const std::uint32_t word :
         drawn(ts::random_stream{ts::seed{8}}, ts::dropout_threshold(probability), features)) {
      dropped += static_cast<std::size_t>(std::popcount(~word));
    }
    const double count = 32.0 * features, p = double{probability};
    // Five standard deviations.
    BOOST_TEST(std::abs(static_cast<double>(dropped) - count * p) <= 5 * std::sqrt(count * p * (1 - p)));
  }
}

BOOST_AUTO_TEST_CASE(of_nothing_and_everything_are_exact) {
  for (const std::uint32_t word : drawn(ts::random_stream{ts::seed{1}}, ts::dropout_threshold(0), 9)) {
    BOOST_TEST(word == 0xffffffffu);
  }
  for (const std::uint32_t word : drawn(ts::random_stream{ts::seed{1}}, ts::dropout_threshold(1), 9)) {
    BOOST_TEST(word == 0u);
  }
}

BOOST_AUTO_TEST_CASE(differ_from_run_to_run_step_to_step_layer_to_layer_and_block_to_block) {
  std::set<std::vector<std::uint32_t>> seen;
  std::size_t count = 0;
  for (const std::uint64_t run : {1u, 2u}) {
    for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{1} << 32}) {
      for (const std::size_t layer : {1u, 2u}) {
        for (const std::size_t block : {0u, 1u, 7u}) {
          seen.insert(drawn(ts::dropout_key{ts::seed{run}, step}.stream(layer, block), 1u << 23, 8));
          ++count;
        }
      }
    }
  }
  BOOST_TEST(seen.size() == count);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
