// SPDX-License-Identifier: MIT
// Fusion changes how often memory is passed over, and not one bit of any result.
#include "tesela/data/dataset.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/network/explain.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/train/trainer.hpp"

#include "networks.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace ts = tesela;
using ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu, ts::stride,
    ts::tanh;

inline constexpr auto swish = ts::activation<"swish">([](auto x) { return x * ts::sigmoid(x); });

// Everything that is fused: activations of both kinds, poolings, Winograd's tiles whole and cut.
inline constexpr auto mixed = input<3, 11, 14> | conv2d<32, 3> | relu | max_pool2d<2, stride<1>> |
                              conv2d<32, 3, padding<1>> | relu | max_pool2d<2> |
                              conv2d<33, 3, padding<1>> | swish | max_pool2d<2> | flatten |
                              linear<20> | tanh | linear<10> | relu;
// Poolings behind an activation that goes back from its input, whose windows leave gaps or overlap.
inline constexpr auto pooled = input<3, 13, 14> | conv2d<4, 3> | swish | max_pool2d<2> | conv2d<5, 2> | swish |
                               max_pool2d<2, stride<1>> | conv2d<6, 2> | swish |
                               max_pool2d<1, stride<2>> | flatten | linear<10>;

template <class Net>
void check_same_bytes(Net net, std::size_t samples) {
  std::vector<float> values(samples * Net::input.size);
  const ts::random_stream random{ts::seed{11}};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = random.normal(i);
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) labels[i] = static_cast<std::int32_t>(i % 10);
  const auto batch = ts::data::dataset::from_floats(
      {Net::input[0], Net::input[1], Net::input[2]}, std::vector<std::string>(10, "class"), values,
      labels);

  ts::model fused{net, ts::init::he_normal, ts::seed{3}};
  ts::model plain{ts::unfused(net), ts::init::he_normal, ts::seed{3}};
  ts::trainer fused_trainer{fused, ts::cross_entropy, ts::adam{}};
  ts::trainer plain_trainer{plain, ts::cross_entropy, ts::adam{}};
  for (int step = 0; step < 2; ++step) {
    const double a = fused_trainer.step(batch.source(), batch.indices()).loss;
    const double b = plain_trainer.step(batch.source(), batch.indices()).loss;
    BOOST_TEST(a == b);
    const auto one = fused.state_dict(), other = plain.state_dict();
    BOOST_REQUIRE(one.size() == other.size());
    for (std::size_t t = 0; t < one.size(); ++t) {
      BOOST_TEST(one[t].name == other[t].name);
      BOOST_TEST((one[t].values == other[t].values), one[t].name << " differs after step " << step);
    }
  }
}

BOOST_AUTO_TEST_SUITE(fusion)

BOOST_AUTO_TEST_CASE(keeps_every_byte) {
  check_same_bytes(networks::m07, 37);
  check_same_bytes(mixed, 33);
  check_same_bytes(pooled, 33);
}

BOOST_AUTO_TEST_CASE(writes_the_activations_of_a_block_once) {
  constexpr auto vgg = ts::explain(networks::m08);
  // conv, bias, relu and pooling: one array each for all eight of them.
  for (std::size_t i = 0; i < 8; ++i) BOOST_TEST(vgg.forward_writes(i) == 1u);
  static_assert(vgg.stage_count == 11);
  static_assert(vgg.forward_writes(0) == 1 && vgg.stages[0].forward_reads == 1);
  static_assert(vgg.stages[1].winograd && vgg.forward_writes(1) == 1);
  // Layer by layer, the first block alone writes three.
  constexpr auto plain = ts::explain(ts::unfused(networks::m08));
  static_assert(plain.forward_writes(0) + plain.forward_writes(1) + plain.forward_writes(2) == 3);
  static_assert(vgg.unfused_passes == plain.passes && vgg.unfused_numbers == plain.numbers);
  static_assert(vgg.passes == 101 && vgg.unfused_passes == 156);
}

BOOST_AUTO_TEST_CASE(is_told_in_a_table) {
  const std::string text = ts::explain(networks::m07).text();
  BOOST_TEST(text.find("0 conv2d<6,5> + 1 relu + 2 max_pool2d<2>") != std::string::npos);
  BOOST_TEST(text.find("passes over activations: 44") != std::string::npos, text);
  BOOST_TEST(text.ends_with("docs/look_inside.md"));
}

BOOST_AUTO_TEST_CASE(takes_a_pooling_along_where_a_gradient_needs_what_was_pooled_away) {
  constexpr auto explained = ts::explain(input<3, 12, 12> | conv2d<4, 3> | swish | max_pool2d<2>);
  static_assert(explained.stage_count == 1);
  static_assert(explained.forward_writes(0) == 2);  // the product and the largest of each window
}

BOOST_AUTO_TEST_CASE(computes_no_pixel_twice_where_windows_overlap) {
  constexpr auto explained =
      ts::explain(input<3, 12, 12> | conv2d<4, 3> | relu | max_pool2d<2, stride<1>>);
  static_assert(explained.stage_count == 1);
  static_assert(explained.forward_writes(0) == 2 && explained.stages[0].forward_reads == 2);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
