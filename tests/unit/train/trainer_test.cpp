// SPDX-License-Identifier: MIT
// The trainer: what it refuses, what it tells its callbacks, what it does when the loss is lost.
#include "compare.hpp"
#include "networks.hpp"
#include "samples.hpp"
#include "unit/data/message_of.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

constexpr auto& net = networks::small_mlp;  // 2x4x3, three classes
using net_type = std::remove_cvref_t<decltype(net)>;

ts::model<net_type> made(std::uint64_t seed = 1) {
  return {net, ts::init::he_normal, ts::seed{seed}};
}

std::vector<float> parameters_of(const ts::model<net_type>& model) {
  return {model.parameters().begin(), model.parameters().end()};
}

// The message of `fit` on a set with options.
std::string refusal(const ts::data::dataset& set, const ts::fit_options& options) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const std::vector<float> before = parameters_of(model);
  const std::string message = message_of<ts::usage_error>([&] { trainer.fit(set, options); });
  BOOST_TEST(parameters_of(model) == before);
  BOOST_TEST(trainer.steps() == 0u);
  return message;
}

// Floats as a source; the vectors must outlive it.
struct raw_samples {
  std::vector<float> values;
  std::vector<std::int32_t> labels;
  std::vector<float> ones{1, 1}, zeros{0, 0};
  ts::sample_source source() const {
    return {values.data(), ts::element::f32, 2, 12, ones.data(), zeros.data(), labels.data()};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(trainer)

BOOST_AUTO_TEST_CASE(a_batch_of_0_is_refused) {
  BOOST_TEST(refusal(samples::noise({2, 4, 3}, 3, 10), {.batch = 0}) ==
             "fit: batch must be at least 1, not 0");
}

BOOST_AUTO_TEST_CASE(zero_epochs_are_refused) {
  BOOST_TEST(refusal(samples::noise({2, 4, 3}, 3, 10), {.epochs = 0}) ==
             "fit: epochs must be at least 1, not 0");
}

BOOST_AUTO_TEST_CASE(samples_of_another_shape_are_refused) {
  BOOST_TEST(refusal(samples::noise({2, 3, 4}, 3, 10), {}) ==
             "fit: the network expects samples of 2x4x3, but the dataset has 2x3x4");
  const ts::data::dataset fine = samples::noise({2, 4, 3}, 3, 10);
  const ts::data::dataset wrong = samples::noise({1, 4, 3}, 3, 10);
  BOOST_TEST(refusal(fine, {.validation = &wrong}) ==
             "fit: the validation set: the network expects samples of 2x4x3, but the dataset has "
             "1x4x3");
}

BOOST_AUTO_TEST_CASE(a_flat_network_says_how_to_take_images) {
  ts::model model{ts::input<24> | ts::linear<3>};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::data::dataset images = samples::noise({2, 4, 3}, 3, 10);
  BOOST_TEST(message_of<ts::usage_error>([&] { trainer.fit(images, {}); }) ==
             "fit: the network expects samples of 24, but the dataset has 2x4x3: begin the network "
             "with input<channels,height,width> | flatten");
  BOOST_TEST(message_of<ts::usage_error>([&] { trainer.evaluate(images); }) ==
             "evaluate: the network expects samples of 24, but the dataset has 2x4x3: begin the "
             "network with input<channels,height,width> | flatten");
  // Features alone are what it takes.
  trainer.fit(samples::noise({24, 1, 1}, 3, 10), {.epochs = 1});
  BOOST_TEST(trainer.steps() == 1u);
}

BOOST_AUTO_TEST_CASE(targets_are_as_many_as_outputs) {
  std::vector<float> values(24 * 5), targets(5);
  BOOST_TEST(refusal(ts::data::dataset::from_floats({2, 4, 3}, values, {{"price"}, targets}), {}) ==
             "fit: the dataset has 1 targets a sample, but the network gives 3");
}

BOOST_AUTO_TEST_CASE(more_classes_than_outputs_are_refused_and_fewer_are_fine) {
  BOOST_TEST(refusal(samples::noise({2, 4, 3}, 4, 10), {}) ==
             "fit: the dataset has 4 classes, but the network gives 3");
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  trainer.fit(samples::noise({2, 4, 3}, 2, 10), {.epochs = 1});
  BOOST_TEST(trainer.steps() == 1u);
}

BOOST_AUTO_TEST_CASE(an_optimiser_out_of_range_is_refused_before_anything_is_trained) {
  auto model = made();
  BOOST_TEST(message_of<ts::usage_error>([&] {
               ts::trainer(model, ts::cross_entropy, ts::sgd{.learning_rate = -1});
             }) == "sgd: learning_rate must be a positive number, not -1");
}

BOOST_AUTO_TEST_CASE(an_empty_batch_is_refused) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::data::dataset set = samples::noise({2, 4, 3}, 3, 10);
  BOOST_TEST(message_of<ts::usage_error>([&] { trainer.step(set.source(), {}); }) ==
             "step: a batch needs at least one sample");
  BOOST_TEST(message_of<ts::usage_error>([&] { trainer.differentiate(set.source(), {}); }) ==
             "differentiate: a batch needs at least one sample");
  BOOST_TEST(trainer.steps() == 0u);
}

BOOST_AUTO_TEST_CASE(a_step_returns_the_loss_before_it_and_differentiating_changes_nothing) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 0.1f}};
  const ts::data::dataset set = samples::separable({2, 4, 3}, 3, 30);
  const std::vector<float> before = parameters_of(model);
  const ts::loss_sum asked = trainer.differentiate(set.source(), set.indices());
  BOOST_TEST(parameters_of(model) == before);
  const ts::loss_sum stepped = trainer.step(set.source(), set.indices());
  BOOST_TEST(stepped.loss == asked.loss);
  BOOST_TEST(parameters_of(model) != before);
  BOOST_TEST(trainer.differentiate(set.source(), set.indices()).loss < asked.loss);
}

BOOST_AUTO_TEST_CASE(one_nan_among_the_samples_stops_training_and_leaves_everything_as_it_was) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  raw_samples raw{std::vector<float>(40 * 24, 0.5f), std::vector<std::int32_t>(40, 1)};
  std::vector<std::uint32_t> indices(40);
  for (std::uint32_t i = 0; i < 40; ++i) indices[i] = i;
  trainer.step(raw.source(), indices);

  raw.values[35 * 24 + 7] = std::numeric_limits<float>::quiet_NaN();  // in the second block
  const std::vector<float> before = parameters_of(model);
  const std::vector<float> mean(trainer.optimizer_slot(0).begin(), trainer.optimizer_slot(0).end());
  const std::string message =
      message_of<ts::training_error>([&] { trainer.step(raw.source(), indices); });
  BOOST_TEST(
      message.starts_with("step 2: the loss is not finite: layer 1 linear<20> is the first to "
                          "give infinity or NaN"),
      message);
  BOOST_TEST(parameters_of(model) == before);
  BOOST_TEST(std::vector<float>(trainer.optimizer_slot(0).begin(),
                                trainer.optimizer_slot(0).end()) == mean);

  // The step that failed does not count, and training can go on without the sample.
  BOOST_TEST(trainer.steps() == 1u);
  raw.values[35 * 24 + 7] = 0.5f;
  trainer.step(raw.source(), indices);
  BOOST_TEST(trainer.steps() == 2u);
  auto untouched = made();
  ts::trainer other{untouched, ts::cross_entropy, ts::adam{}};
  other.step(raw.source(), indices);
  other.step(raw.source(), indices);
  BOOST_TEST(parameters_of(model) == parameters_of(untouched));
}

BOOST_AUTO_TEST_CASE(a_learning_rate_far_too_large_stops_training_with_the_layer_named) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 1e30f}};
  const ts::data::dataset set = samples::noise({2, 4, 3}, 3, 50);
  const std::string message =
      message_of<ts::training_error>([&] { trainer.fit(set, {.epochs = 9, .batch = 25}); });
  BOOST_TEST(message.starts_with("step 2: the loss is not finite: layer "), message);
  BOOST_TEST(message.find("a smaller learning rate") != std::string::npos, message);
  for (const float parameter : model.parameters()) BOOST_TEST_REQUIRE(std::isfinite(parameter));
}

BOOST_AUTO_TEST_CASE(evaluation_is_the_mean_over_the_set_computed_by_hand) {
  const auto model = made(5);
  auto evaluated = made(5);
  ts::trainer trainer{evaluated, ts::cross_entropy, ts::sgd{}};
  const ts::data::dataset set = samples::noise({2, 4, 3}, 3, 600);  // beyond what runs together
  ts::workspace room{net, 1};
  std::vector<float> sample(24);
  double loss = 0;
  std::size_t correct = 0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    set.copy_sample(i, sample);
    const auto logits = model.forward(sample, room);
    const auto label = static_cast<std::size_t>(set.label(i));
    double sum = 0;
    std::size_t best = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      sum += std::exp(double{logits[c]});
      if (logits[c] > logits[best]) best = c;
    }
    loss += std::log(sum) - double{logits[label]};
    correct += best == label ? 1 : 0;
  }
  const ts::metrics found = trainer.evaluate(set);
  BOOST_TEST(found.samples == 600u);
  BOOST_TEST(found.loss == loss / 600, boost::test_tools::tolerance(1e-6));
  BOOST_TEST(found.accuracy == static_cast<double>(correct) / 600);
  BOOST_TEST(parameters_of(evaluated) == parameters_of(model));
}

namespace {

struct recorder {
  std::vector<std::string> calls;
  std::vector<ts::batch_report> batches;
  std::vector<ts::epoch_report> epochs;
  void begin(auto&, const ts::fit_options& options) {
    calls.push_back("begin " + std::to_string(options.epochs));
  }
  void batch(auto&, const ts::batch_report& report) {
    calls.push_back("batch");
    batches.push_back(report);
  }
  void epoch(auto&, const ts::epoch_report& report) {
    calls.push_back("epoch");
    epochs.push_back(report);
  }
  void end(auto&, const ts::history& past) {
    calls.push_back("end " + std::to_string(past.size()));
  }
};

struct stop_after {
  std::size_t epochs;
  void epoch(const auto& trainer, const ts::epoch_report& report) {
    if (report.epoch == epochs) trainer.stop();
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(callbacks_hear_of_every_batch_and_epoch_in_order) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 0.1f}};
  const ts::data::dataset set = samples::separable({2, 4, 3}, 3, 25);
  const ts::data::dataset validation = samples::separable({2, 4, 3}, 3, 12, 2);
  recorder heard;
  const ts::history past =
      trainer.fit(set, {.epochs = 2, .batch = 10, .validation = &validation}, heard);

  const std::vector<std::string> expected{"begin 2", "batch", "batch", "batch", "epoch",
                                          "batch",   "batch", "batch", "epoch", "end 2"};
  BOOST_TEST(heard.calls == expected, boost::test_tools::per_element());
  const std::size_t seen[] = {10, 20, 25, 10, 20, 25};
  for (std::size_t i = 0; i < 6; ++i) {
    const ts::batch_report& b = heard.batches[i];
    BOOST_TEST(b.epoch == i / 3 + 1);
    BOOST_TEST(b.epochs == 2u);
    BOOST_TEST(b.samples == seen[i]);
    BOOST_TEST(b.of_samples == 25u);
    BOOST_TEST(b.train.samples == seen[i]);
    BOOST_TEST((b.train.accuracy >= 0 && b.train.accuracy <= 1));
    BOOST_TEST(b.train.loss > 0);
  }
  BOOST_TEST_REQUIRE(heard.epochs.size() == 2u);
  for (std::size_t e = 0; e < 2; ++e) {
    const ts::epoch_report& report = heard.epochs[e];
    BOOST_TEST(report.epoch == e + 1);
    BOOST_TEST(report.epochs == 2u);
    BOOST_TEST(report.steps == 3 * (e + 1));
    BOOST_TEST(report.train.loss == heard.batches[3 * e + 2].train.loss);
    BOOST_TEST(report.train.samples == 25u);
    BOOST_TEST(report.validation.samples == 12u);
    BOOST_TEST(past[e].validation.loss == report.validation.loss);
  }
  // The last report tells of the model as it is now.
  BOOST_TEST(past[1].validation.loss == trainer.evaluate(validation).loss);
  BOOST_TEST(past[0].validation.loss != past[1].validation.loss);
}

BOOST_AUTO_TEST_CASE(without_a_validation_set_there_are_no_validation_figures) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::history past = trainer.fit(samples::noise({2, 4, 3}, 3, 10), {.epochs = 1});
  BOOST_TEST(past[0].validation.samples == 0u);
  BOOST_TEST(std::isnan(past[0].validation.loss));
}

BOOST_AUTO_TEST_CASE(a_callback_may_stop_training_and_the_next_fit_starts_afresh) {
  auto model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::data::dataset set = samples::noise({2, 4, 3}, 3, 10);
  recorder heard;
  BOOST_TEST(trainer.fit(set, {.epochs = 9}, stop_after{2}, heard).size() == 2u);
  BOOST_TEST(trainer.stopped());
  BOOST_TEST(heard.calls.back() == "end 2");  // others hear of the epoch and of the end
  BOOST_TEST(trainer.fit(set, {.epochs = 3}).size() == 3u);
  BOOST_TEST(!trainer.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
