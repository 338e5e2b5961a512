// SPDX-License-Identifier: MIT
// Targets on their way into a training step: laid out like the network's results.
#include "tesela/train/engine.hpp"

#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/optim/cross_entropy.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
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

BOOST_AUTO_TEST_SUITE(block_targets)

BOOST_AUTO_TEST_CASE(lie_feature_by_feature_with_zeros_behind_the_last_sample) {
  const std::vector<float> targets = counted(6, 3);
  const std::vector<std::uint32_t> indices{5, 0, 2};
  ts::sample_source source;
  source.targets = targets.data();
  source.target_count = 3;
  using net = std::remove_const_t<decltype(ts::input<4> | ts::linear<3>)>;
  const ts::target_block<net::output.size> block(source, indices);
  const float* rows = block.view().values;
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

// 2 x 1 x 3, channels first: output c * 3 + p lies at p * 2 + c. Every output has a weight of its own.
BOOST_AUTO_TEST_CASE(a_loss_counts_the_outputs_of_an_image_as_pytorch_does) {
  using net = std::remove_const_t<decltype(ts::input<2, 1, 3> | ts::flatten)>;
  const ts::cross_entropy_loss loss{.label_smoothing = 0.25f, .class_weights = {1, 2, 3, 4, 5, 6}};
  const std::vector<std::int32_t> labels{4, 1};
  const std::vector<std::uint32_t> indices{1, 0};
  ts::sample_source source;
  source.labels = labels.data();
  constexpr std::size_t row = ts::block_lanes, all = 6 * row;
  std::vector<float> outside(all), inside(all), expected(all), found(all);
  for (std::size_t f = 0; f < 6; ++f) {
    for (std::size_t i = 0; i < row; ++i) {
      outside[f * row + i] = static_cast<float>((f * 7 + i * 3) % 5) - 1.5f;
      inside[(f % 3 * 2 + f / 3) * row + i] = outside[f * row + i];
    }
  }
  const std::vector<std::int32_t> of_lanes = [&] {
    std::vector<std::int32_t> lanes(row, 0);
    for (std::size_t i = 0; i < 2; ++i) lanes[i] = labels[indices[i]];
    return lanes;
  }();
  ts::block_targets targets;
  targets.labels = of_lanes.data();
  const ts::loss_sum wanted =
      ts::loss_of_block<ts::static_isa, 6>(loss, targets, outside.data(), 2, 0.5f, expected.data());
  const ts::loss_sum got = ts::loss_of_results<ts::static_isa, ts::results_of<net>>(loss, source, indices, inside.data(),
                                                                    0.5f, found.data());
  BOOST_TEST(got.loss == wanted.loss);
  BOOST_TEST(got.weight == 2.0 + 5.0);
  BOOST_TEST(got.correct == wanted.correct);
  for (std::size_t f = 0; f < 6; ++f) {
    for (std::size_t i = 0; i < row; ++i) {
      BOOST_TEST(found[(f % 3 * 2 + f / 3) * row + i] == expected[f * row + i]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
