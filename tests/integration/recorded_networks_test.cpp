// SPDX-License-Identifier: MIT
// Whole networks do what PyTorch does: logits, loss, gradients, and the weights after optimiser
// steps.
//
// A recorded value is exact to half a unit in the last place, and float32_error says how far
// PyTorch's own float32 run, or an exact run from inputs with rounding errors, is from it. Tesela
// sums in another order, so it may be as far off, on the other side: a factor of 2 (1.5 is what AVX2
// needs), and as much again for other vector lengths.
#include "compare.hpp"
#include "networks.hpp"
#include "recorded/recorded.hpp"

#include "tesela/tesela.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

constexpr double margin = 4;

// Batch `which` of a case, as a dataset of ten classes.
ts::data::dataset batch(const recorded::values& from, const std::string& which) {
  const ts::named_tensor& input = from.tensor("input." + which);
  return ts::data::dataset::from_floats({input.shape.at(1), input.shape.at(2), input.shape.at(3)},
                                        std::vector<std::string>(10, "class"), input.values,
                                        from.labels<std::int32_t>("labels." + which));
}

template <class Net>
auto initial_model(Net, const recorded::values& from) {
  ts::model<Net> model{Net{}};
  model.load_state_dict(from.state("initial"));
  return model;
}

template <class Net>
void check_logits_loss_and_gradients(Net net, const recorded::values& expected) {
  auto model = initial_model(net, expected);
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  for (const std::string which : {"0", "1"}) {
    const std::vector<float>& input = expected["input." + which];
    ts::workspace room{net, input.size() / Net::input.size};
    check_close("logits." + which, model.forward(input, room), expected["logits." + which],
                margin * double{expected.float32_error("logits." + which)});

    const ts::data::dataset samples = batch(expected, which);
    const ts::loss_sum sum = trainer.differentiate(samples.source(), samples.indices());
    const auto loss = static_cast<float>(sum.loss / static_cast<double>(samples.size()));
    check_close("loss." + which, {&loss, 1}, expected["loss." + which],
                margin * double{expected.float32_error("loss." + which)});
    if (which == "0") {
      check_close("gradient", trainer.gradients(), expected.state("gradient"),
                  margin * double{expected.float32_error("gradient")});
    }
  }
  BOOST_TEST(largest_difference(model.state_dict(), expected.state("initial")) == 0);
}

// Steps with batches 0, 1, 0, ...; the weights after those that are recorded, the loss of each.
template <class Net, class Optimizer>
void check_steps(Net net, const recorded::values& expected, const std::string& name,
                 Optimizer optimizer, const std::vector<std::size_t>& recorded_steps) {
  auto model = initial_model(net, expected);
  ts::trainer trainer{model, ts::cross_entropy, optimizer};
  const ts::data::dataset batches[] = {batch(expected, "0"), batch(expected, "1")};
  std::vector<float> losses;
  for (std::size_t step = 1; step <= recorded_steps.back(); ++step) {
    const ts::data::dataset& samples = batches[(step - 1) % 2];
    const ts::loss_sum sum = trainer.step(samples.source(), samples.indices());
    losses.push_back(static_cast<float>(sum.loss / static_cast<double>(samples.size())));
    if (std::find(recorded_steps.begin(), recorded_steps.end(), step) == recorded_steps.end()) {
      continue;
    }
    const std::string group = name + "/after" + std::to_string(step);
    const double tolerance = margin * double{expected.float32_error(group)};
    check_close(group, model.state_dict(), expected.state(group), tolerance);
    // The steps are large enough for the comparison to mean something.
    BOOST_TEST(largest_difference(expected.state(group), expected.state("initial")) >
               100 * tolerance);
  }
  check_close(name + "/losses", losses, expected[name + "/losses"],
              margin * double{expected.float32_error(name)});
}

template <class Net>
void check_all_optimisers(Net net, const recorded::values& expected) {
  const std::vector<std::size_t> steps{1, 2, 5};
  check_steps(net, expected, "sgd_momentum", ts::sgd{.learning_rate = 0.05f, .momentum = 0.9f},
              steps);
  check_steps(net, expected, "sgd_momentum_decay",
              ts::sgd{.learning_rate = 0.05f, .momentum = 0.9f, .weight_decay = 0.01f}, steps);
  check_steps(net, expected, "adam", ts::adam{.learning_rate = 1e-3f}, steps);
  check_steps(net, expected, "adam_decay",
              ts::adam{.learning_rate = 1e-2f,
                       .beta1 = 0.8f,
                       .beta2 = 0.95f,
                       .epsilon = 1e-6f,
                       .weight_decay = 0.01f},
              steps);
}

constexpr auto small_cnn = ts::input<3, 12, 12> | ts::conv2d<4, 3> | ts::relu | ts::max_pool2d<2> |
                           ts::conv2d<6, 3> | ts::relu | ts::max_pool2d<2> | ts::flatten |
                           ts::linear<16> | ts::relu | ts::linear<10>;
constexpr auto strided_cnn = ts::input<3, 11, 9> | ts::conv2d<5, 3, ts::stride<2>, ts::padding<1>> |
                             ts::relu | ts::conv2d<7, 3, ts::stride<2>, ts::padding<1>> | ts::relu |
                             ts::max_pool2d<2, ts::stride<1>> | ts::flatten | ts::linear<10>;
constexpr auto small_mlp =
    ts::input<3, 4, 4> | ts::flatten | ts::linear<12> | ts::relu | ts::linear<10>;

}  // namespace

BOOST_AUTO_TEST_SUITE(recorded_networks)

BOOST_AUTO_TEST_CASE(a_small_cnn_has_pytorchs_logits_loss_and_gradients) {
  check_logits_loss_and_gradients(small_cnn, recorded::values("small_cnn"));
}

BOOST_AUTO_TEST_CASE(a_small_cnn_takes_pytorchs_steps) {
  check_all_optimisers(small_cnn, recorded::values("small_cnn"));
}

BOOST_AUTO_TEST_CASE(a_strided_cnn_has_pytorchs_logits_loss_and_gradients) {
  check_logits_loss_and_gradients(strided_cnn, recorded::values("strided_cnn"));
}

BOOST_AUTO_TEST_CASE(a_strided_cnn_takes_pytorchs_steps) {
  check_all_optimisers(strided_cnn, recorded::values("strided_cnn"));
}

BOOST_AUTO_TEST_CASE(a_small_mlp_has_pytorchs_logits_loss_and_gradients) {
  check_logits_loss_and_gradients(small_mlp, recorded::values("small_mlp"));
}

BOOST_AUTO_TEST_CASE(a_small_mlp_takes_pytorchs_steps) {
  check_all_optimisers(small_mlp, recorded::values("small_mlp"));
}

BOOST_AUTO_TEST_CASE(the_simple_cnn_of_the_lectures_has_pytorchs_logits_loss_and_gradients) {
  check_logits_loss_and_gradients(networks::m07, recorded::values("m07"));
}

BOOST_AUTO_TEST_CASE(the_simple_cnn_of_the_lectures_takes_pytorchs_steps) {
  check_steps(networks::m07, recorded::values("m07"), "adam", ts::adam{.learning_rate = 1e-3f},
              {2});
}

BOOST_AUTO_TEST_SUITE_END()
