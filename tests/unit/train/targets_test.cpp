// SPDX-License-Identifier: MIT
// Targets on their way into a training step: laid out like the network's results.
#include "tesela/train/engine.hpp"

#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

namespace ts = tesela;

// Target k of sample i is 10 i + k.
std::vector<float> counted(std::size_t samples, std::size_t targets) {
  std::vector<float> values;
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t k = 0; k < targets; ++k) values.push_back(static_cast<float>(10 * i + k));
  }
  return values;
}

template <class Net>
std::vector<float> loaded(const Net&, const std::vector<float>& targets,
                          const std::vector<std::uint32_t>& indices) {
  constexpr std::size_t count = Net::output.size;
  ts::sample_source source;
  source.targets = targets.data();
  source.target_count = count;
  std::vector<float> rows(count * ts::block_lanes, -1.0f);
  ts::load_targets<Net>(source, indices, rows.data());
  return rows;
}

BOOST_AUTO_TEST_SUITE(block_targets)

BOOST_AUTO_TEST_CASE(lie_feature_by_feature_with_zeros_behind_the_last_sample) {
  const auto rows = loaded(ts::input<4> | ts::linear<3>, counted(6, 3), {5, 0, 2});
  for (std::size_t k = 0; k < 3; ++k) {
    const auto feature = static_cast<float>(k);
    BOOST_TEST(rows[k * ts::block_lanes] == 50 + feature);
    BOOST_TEST(rows[k * ts::block_lanes + 1] == feature);
    BOOST_TEST(rows[k * ts::block_lanes + 2] == 20 + feature);
    for (std::size_t i = 3; i < ts::block_lanes; ++i) {
      BOOST_TEST(rows[k * ts::block_lanes + i] == 0.0f);
    }
  }
}

BOOST_AUTO_TEST_CASE(of_a_flattened_image_lie_channels_last) {
  // 2 x 1 x 3, channels first: feature c * 3 + p; inside it is p * 2 + c.
  const auto rows = loaded(ts::input<2, 1, 3> | ts::flatten, counted(2, 6), {1});
  for (std::size_t c = 0; c < 2; ++c) {
    for (std::size_t p = 0; p < 3; ++p) {
      BOOST_TEST(rows[(p * 2 + c) * ts::block_lanes] == 10 + static_cast<float>(c * 3 + p));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
