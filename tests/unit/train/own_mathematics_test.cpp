// SPDX-License-Identifier: MIT
// What a user writes in a few lines trains a network: activations, losses, targets that are numbers.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/init.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/losses.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

namespace ts = tesela;

inline constexpr auto own = ts::activation<"own">([](auto x) { return x * ts::tanh(ts::softplus(x)); });
inline constexpr auto pinball = ts::loss<"pinball">([](auto y, auto t) {
  const auto d = t - y;
  return ts::mean(ts::max(0.5f * d, -0.5f * d));
});

// y = sin(3 x), x from -1 to 1.
ts::data::dataset sine(std::size_t samples) {
  std::vector<float> x, y;
  for (std::size_t i = 0; i < samples; ++i) {
    x.push_back(-1 + 2 * static_cast<float>(i) / static_cast<float>(samples - 1));
    y.push_back(std::sin(3 * x.back()));
  }
  return ts::data::dataset::from_floats({1, 1, 1}, x, {{"sine"}, y});
}

template <class Loss>
double fitted_loss(const Loss& loss) {
  constexpr auto net = ts::input<1> | ts::linear<24> | own | ts::linear<24> | ts::tanh | ts::linear<1>;
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer trainer{model, loss, ts::adam{.learning_rate = 1e-2f}};
  const auto samples = sine(128);
  const ts::history past = trainer.fit(samples, {.epochs = 150, .batch = 32});
  const ts::metrics all = trainer.evaluate(samples);
  BOOST_TEST(std::isnan(past.back().train.accuracy));  // targets are not right or wrong
  BOOST_TEST(std::isnan(all.accuracy));
  return all.loss;
}

BOOST_AUTO_TEST_SUITE(own_mathematics)

BOOST_AUTO_TEST_CASE(fits_a_sine_under_several_losses) {
  BOOST_TEST(fitted_loss(ts::mse) < 1e-3);
  BOOST_TEST(fitted_loss(ts::huber{.delta = 0.1f}) < 1e-3);
  BOOST_TEST(fitted_loss(pinball) < 0.02);
}

BOOST_AUTO_TEST_CASE(a_single_output_tells_two_classes_apart) {
  // Inside or outside a circle.
  std::vector<float> x;
  std::vector<std::int32_t> classes;
  for (std::size_t i = 0; i < 400; ++i) {
    const float a = 0.618f * static_cast<float>(i), r = static_cast<float>(i % 20) / 20;
    x.push_back(r * std::cos(a));
    x.push_back(r * std::sin(a));
    classes.push_back(r > 0.6f ? 1 : 0);
  }
  const auto samples = ts::data::dataset::from_floats({2, 1, 1}, {"inside", "outside"}, x, classes);
  constexpr auto net = ts::input<2> | ts::linear<16> | ts::tanh | ts::linear<1>;
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer trainer{model, ts::binary_cross_entropy_with_logits, ts::adam{.learning_rate = 3e-2f}};
  trainer.fit(samples, {.epochs = 60, .batch = 32});
  BOOST_TEST(trainer.evaluate(samples).accuracy > 0.97);
}

BOOST_AUTO_TEST_CASE(a_sum_is_the_mean_times_the_batch) {
  constexpr auto net = ts::input<1> | ts::linear<3> | ts::tanh | ts::linear<1>;
  const auto samples = sine(40);
  std::vector<std::uint32_t> indices;
  for (std::uint32_t i = 0; i < 40; ++i) indices.push_back(i);
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer mean{model, ts::mse, ts::sgd{}};
  ts::trainer sum{model, ts::summed(ts::mse), ts::sgd{}};
  mean.differentiate(samples.source(), indices);
  sum.differentiate(samples.source(), indices);
  const auto a = mean.gradients(), b = sum.gradients();
  for (std::size_t t = 0; t < a.size(); ++t) {
    for (std::size_t i = 0; i < a[t].values.size(); ++i) {
      BOOST_TEST(std::abs(40 * a[t].values[i] - b[t].values[i]) <= 1e-5f * (1 + std::abs(b[t].values[i])));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
