// SPDX-License-Identifier: MIT
// Training does what mathematics says: it learns what can be learnt, follows the gradient to first
// order, and cannot break the symmetry of equal weights.
#include "networks.hpp"
#include "samples.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

template <class Net, class Optimizer>
double accuracy_after(Net net, Optimizer optimizer, std::size_t epochs) {
  const ts::data::dataset set =
      samples::separable({Net::input[0], Net::input[1], Net::input[2]}, Net::output.size, 90);
  ts::model model{net, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, optimizer};
  trainer.fit(set, {.epochs = epochs, .batch = 16});
  return trainer.evaluate(set).accuracy;
}

// L(w - rate g) - (L(w) - rate |g|^2): what a first-order step leaves over.
template <class Net>
double remainder_of_a_step(Net net, const ts::data::dataset& set, float rate) {
  ts::model model{net, ts::init::he_normal, ts::seed{2}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = rate}};
  const auto count = static_cast<double>(set.size());
  const double before = trainer.step(set.source(), set.indices()).loss / count;
  double square = 0;
  for (const ts::named_tensor& gradient : trainer.gradients()) {
    for (const float g : gradient.values) square += double{g} * double{g};
  }
  const double after = trainer.differentiate(set.source(), set.indices()).loss / count;
  return after - (before - double{rate} * square);
}

template <class Net>
void check_taylor(Net net, std::initializer_list<float> rates) {
  // One sample, so that few units are near the kink of relu, where there is no second order; with
  // this seed none crosses it.
  const ts::data::dataset set =
      samples::separable({Net::input[0], Net::input[1], Net::input[2]}, Net::output.size, 1);
  for (const float rate : rates) {
    const double whole = remainder_of_a_step(net, set, rate);
    const double half = remainder_of_a_step(net, set, rate / 2);
    BOOST_TEST(whole / half > 3.5, "rate " << rate << ": " << whole << " / " << half);
    BOOST_TEST(whole / half < 4.5, "rate " << rate << ": " << whole << " / " << half);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learning)

BOOST_AUTO_TEST_CASE(separable_samples_are_learnt_to_the_last_one) {
  BOOST_TEST(accuracy_after(networks::small_mlp, ts::sgd{.learning_rate = 0.1f, .momentum = 0.9f},
                            20) == 1.0);
  BOOST_TEST(accuracy_after(networks::small_mlp, ts::adam{.learning_rate = 1e-2f}, 20) == 1.0);
  BOOST_TEST(accuracy_after(networks::small_cnn, ts::adam{.learning_rate = 1e-2f}, 20) == 1.0);
  // Without training they are not known.
  BOOST_TEST(accuracy_after(networks::small_mlp, ts::sgd{.learning_rate = 1e-10f}, 1) < 0.7);
}

// Halving the rate divides the remainder, which is of second order, by four.
BOOST_AUTO_TEST_CASE(a_small_step_follows_the_gradient_to_first_order) {
  check_taylor(networks::small_mlp, {0.004f, 0.002f});
  check_taylor(networks::small_cnn, {0.004f, 0.002f});
}

// All neurons of a layer stay equal if they begin equal: the reason for random weights.
BOOST_AUTO_TEST_CASE(weights_that_begin_at_zero_stay_equal) {
  const ts::data::dataset set = samples::separable({2, 4, 3}, 3, 60);
  ts::model model{networks::small_mlp, ts::init::zeros, ts::seed{1}};
  for (const float parameter : model.parameters()) BOOST_TEST_REQUIRE(parameter == 0);
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 0.1f}};
  trainer.fit(set, {.epochs = 10, .batch = 16});
  for (const ts::named_tensor& tensor : model.state_dict()) {
    if (tensor.name == "5.bias") continue;  // the outputs' biases alone can learn
    for (const float value : tensor.values) BOOST_TEST_REQUIRE(value == 0, tensor.name);
  }
  BOOST_TEST(model.state_dict().back().values[0] != 0);

  // The same with all weights equal but not zero: the rows of every hidden layer stay equal.
  constexpr auto tenth = [](const ts::random_stream&, ts::init::fans, std::size_t) { return 0.1f; };
  ts::model equal{networks::small_mlp, tenth, ts::seed{1}};
  ts::trainer other{equal, ts::cross_entropy, ts::sgd{.learning_rate = 0.1f}};
  other.fit(set, {.epochs = 10, .batch = 16});
  for (const std::string name : {"1.weight", "3.weight"}) {
    for (const ts::named_tensor& tensor : equal.state_dict()) {
      if (tensor.name != name) continue;
      const std::size_t inputs = tensor.shape[1];
      for (std::size_t i = 0; i < tensor.values.size(); ++i) {
        BOOST_TEST_REQUIRE(tensor.values[i] == tensor.values[i % inputs], name);
      }
      BOOST_TEST(tensor.values[0] != 0.1f, name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
