// SPDX-License-Identifier: MIT
// Networks learn with every activation of the library, and with one's own.
#include "tesela/data/dataset.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ts = tesela;

namespace {

using ts::input, ts::linear;

// Points of the plane within a square; class 1 inside a circle, which no line divides from the
// rest.
ts::data::dataset circle() {
  const ts::random_stream random{ts::seed{3}, ts::purpose::user};
  std::vector<float> points;
  std::vector<std::int32_t> labels;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const float x = random.uniform(2 * i, -2.0f, 2.0f), y = random.uniform(2 * i + 1, -2.0f, 2.0f);
    points.insert(points.end(), {x, y});
    labels.push_back(x * x + y * y < 2 ? 1 : 0);
  }
  return ts::data::dataset::from_floats({2, 1, 1}, {"out", "in"}, std::move(points),
                                        std::move(labels));
}

template <class Net>
void learns(Net net) {
  const ts::data::dataset set = circle();
  ts::model model{net, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 0.02f}};
  trainer.fit(set, {.epochs = 60, .batch = 32});
  const double accuracy = trainer.evaluate(set).accuracy;
  BOOST_TEST(accuracy > 0.95, "only " << accuracy << " right");
}

BOOST_AUTO_TEST_SUITE(training_with_activations)

// Several in each network: a compiler's time is precious.
BOOST_AUTO_TEST_CASE(learns_what_no_line_divides) {
  learns(input<2> | linear<16> | ts::gelu | linear<16> | ts::mish | linear<16> | ts::silu |
         linear<2>);
  learns(input<2> | linear<16> | ts::elu | linear<16> | ts::selu | linear<16> | ts::celu_with<2> |
         linear<2>);
  learns(input<2> | linear<16> | ts::leaky_relu_with<0.2> | linear<16> | ts::relu6 | linear<16> |
         ts::hard_swish | linear<2>);
  learns(input<2> | linear<16> | ts::sin | linear<16> | ts::softsign | linear<16> | ts::hard_tanh |
         linear<2>);
  learns(input<2> | linear<16> | ts::softshrink_with<0.1> | linear<16> | ts::hardshrink_with<0.1> |
         linear<16> | ts::gelu_tanh | linear<2>);
  learns(input<2> | linear<16> | ts::log_sigmoid | linear<16> | ts::softplus_with<2> | linear<16> |
         ts::hard_sigmoid | linear<16> | ts::tanhshrink | linear<2>);
}

inline constexpr auto bump = ts::activation<"bump">([](auto x) { return ts::exp(-(x * x)); });

BOOST_AUTO_TEST_CASE(learns_with_an_activation_of_ones_own) {
  learns(input<2> | linear<16> | bump | linear<16> | bump | linear<2>);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
