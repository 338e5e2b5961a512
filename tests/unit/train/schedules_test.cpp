// SPDX-License-Identifier: MIT
// Schedules in a run of training: when they are asked, what they change, and that a resumed run has
// the bytes of one that was not interrupted.
#include "networks.hpp"
#include "samples.hpp"
#include "unit/data/message_of.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/adagrad.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cyclic_schedule.hpp"
#include "tesela/optim/nadam.hpp"
#include "tesela/optim/noisy_sgd.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/plateau_schedule.hpp"
#include "tesela/optim/rprop.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ts = tesela;

namespace {

using net_type = std::remove_cvref_t<decltype(networks::small_mlp)>;
using model_type = ts::model<net_type>;

model_type made() { return {networks::small_mlp, ts::init::he_normal, ts::seed{1}}; }
ts::data::dataset set() { return samples::noise({2, 4, 3}, 3, 50); }  // 5 steps of 10

std::vector<float> parameters_of(const model_type& model) {
  return {model.parameters().begin(), model.parameters().end()};
}

struct rates {
  std::vector<float> of_steps, of_epochs;
  void batch(auto&, const ts::batch_report& report) { of_steps.push_back(report.learning_rate); }
  void epoch(auto&, const ts::epoch_report& report) { of_epochs.push_back(report.learning_rate); }
};

template <class Rule>
rates rates_of(Rule rule, const ts::fit_options& options) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, rule};
  rates seen;
  trainer.fit(set(), options, seen);
  return seen;
}

// Everything that a run leaves.
template <class Trainer>
std::vector<float> bytes_of(Trainer& trainer) {
  std::vector<float> all(trainer.trained_model().parameters().begin(),
                         trainer.trained_model().parameters().end());
  for (std::size_t s = 0; s < Trainer::optimizer_type::slots; ++s) {
    all.insert(all.end(), trainer.optimizer_slot(s).begin(), trainer.optimizer_slot(s).end());
  }
  for (const ts::epoch_report& epoch : trainer.progress().past) {
    all.push_back(epoch.learning_rate);
    all.push_back(static_cast<float>(epoch.train.loss));
  }
  return all;
}

// Stops behind an epoch, as if it were killed there.
struct stop_after {
  std::size_t epochs;
  void epoch(auto& trainer, const ts::epoch_report& report) const {
    if (report.epoch == epochs) trainer.stop();
  }
};

template <class Rule, class... Terms>
void check_resume(const ts::fit_options& options, Rule rule, Terms... terms) {
  model_type whole_model = made();
  ts::trainer whole{whole_model, ts::cross_entropy, rule, terms...};
  whole.fit(set(), options);
  for (const std::size_t killed_after : {1u, 4u, 7u}) {
    model_type first_model = made(), second_model = made();
    ts::trainer first{first_model, ts::cross_entropy, rule, terms...};
    first.fit(set(), options, stop_after{killed_after});
    ts::training_state state = first.state();
    ts::trainer second{second_model, ts::cross_entropy, rule, terms...};
    second.load_state(std::move(state.tensors), state.metadata);
    second.fit(set(), options);
    BOOST_TEST(second.progress().past.size() == options.epochs);
    BOOST_TEST((bytes_of(second) == bytes_of(whole)), "killed after epoch " << killed_after);
    BOOST_TEST((bytes_of(first) != bytes_of(whole)));
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules_in_training)

BOOST_AUTO_TEST_CASE(a_schedule_is_asked_for_every_step_and_its_rate_reported) {
  const rates seen = rates_of(ts::sgd{.learning_rate = 0.5f},
                              {.epochs = 3, .batch = 10, .schedule = ts::exponential_lr{0.5}});
  const std::vector<float> expected{0.5f, 0.25f, 0.125f};
  BOOST_TEST(seen.of_epochs == expected);
  BOOST_TEST_REQUIRE(seen.of_steps.size() == 15u);
  for (std::size_t s = 0; s < 15; ++s) BOOST_TEST(seen.of_steps[s] == expected[s / 5]);

  const rates by_step =
      rates_of(ts::adam{.learning_rate = 0.5f},
               {.epochs = 3, .batch = 10, .schedule = ts::per_step(ts::linear_lr{})});
  for (std::size_t s = 0; s < 15; ++s) {
    const double rate = 0.5 * (1 - static_cast<double>(s) / 15);
    BOOST_TEST(double{by_step.of_steps[s]} == rate, boost::test_tools::tolerance(1e-7));
  }
  BOOST_TEST(by_step.of_epochs[0] == by_step.of_steps[4]);
  // Without one, the optimiser's own.
  BOOST_TEST(rates_of(ts::sgd{.learning_rate = 0.3f}, {.epochs = 1}).of_epochs[0] == 0.3f);
}

BOOST_AUTO_TEST_CASE(a_schedule_sees_where_training_stands) {
  std::vector<ts::schedule_position> seen;
  std::vector<std::vector<double>> losses;
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 0.25f}};
  const ts::data::dataset validation = samples::noise({2, 4, 3}, 3, 20, 9);
  const ts::history past =
      trainer.fit(set(), {.epochs = 2,
                          .batch = 20,  // the third has 10
                          .validation = &validation,
                          .schedule = [&](const ts::schedule_position& at) {
                            seen.push_back(at);
                            losses.push_back({at.losses.begin(), at.losses.end()});
                            BOOST_TEST(at.accuracies.size() == at.losses.size());
                            return 0.1;
                          }});
  BOOST_TEST_REQUIRE(seen.size() == 6u);
  for (std::size_t s = 0; s < 6; ++s) {
    BOOST_TEST(seen[s].rate == 0.25);
    BOOST_TEST(seen[s].step == static_cast<double>(s));
    BOOST_TEST(seen[s].steps == 6);
    BOOST_TEST(seen[s].epoch == static_cast<double>(s / 3));
    BOOST_TEST(seen[s].epochs == 2);
    BOOST_TEST(losses[s].size() == s / 3);
  }
  BOOST_TEST(losses[5][0] == past[0].validation.loss);
}

BOOST_AUTO_TEST_CASE(the_optimisers_own_settings_come_back_behind_a_schedule) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.learning_rate = 0.25f}};
  trainer.fit(set(), {.epochs = 2, .schedule = ts::step_lr{}});
  BOOST_TEST(trainer.optimizer().learning_rate == 0.25f);
  const std::vector<float> before = parameters_of(model);
  model_type twin = made();
  twin.load_state_dict(model.state_dict());
  ts::trainer plain{twin, ts::cross_entropy, ts::sgd{.learning_rate = 0.25f}};
  trainer.step(set().source(), set().indices());
  plain.step(set().source(), set().indices());
  BOOST_TEST((parameters_of(model) == parameters_of(twin)));
  BOOST_TEST((parameters_of(model) != before));
}

BOOST_AUTO_TEST_CASE(a_rate_set_by_hand_is_the_rate_of_the_next_steps) {
  model_type one = made(), other = made();
  ts::trainer set_later{one, ts::cross_entropy, ts::adam{}};
  ts::trainer set_first{other, ts::cross_entropy, ts::adam{.learning_rate = 0.02f}};
  set_later.set_learning_rate(0.02f);
  set_later.step(set().source(), set().indices());
  set_first.step(set().source(), set().indices());
  BOOST_TEST((parameters_of(one) == parameters_of(other)));
  BOOST_TEST(message_of<ts::usage_error>([&] { set_later.set_learning_rate(-1); }) ==
             "set_learning_rate: the learning rate must be 0 or a positive number, not -1");
}

BOOST_AUTO_TEST_CASE(a_rate_of_zero_changes_nothing) {
  model_type model = made();
  const std::vector<float> before = parameters_of(model);
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(set(), {.epochs = 1, .schedule = [](const auto&) { return 0.0; }});
  BOOST_TEST((parameters_of(model) == before));
}

BOOST_AUTO_TEST_CASE(rates_and_momenta_that_are_none_stop_training_with_their_place) {
  const auto refusal = [](auto rate) {
    model_type model = made();
    const std::vector<float> before = parameters_of(model);
    ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.momentum = 0.5f}};
    const std::string message = message_of<ts::usage_error>([&] {
      trainer.fit(set(), {.epochs = 2, .batch = 10, .schedule = [&](const auto&) { return rate; }});
    });
    BOOST_TEST((parameters_of(model) == before));
    BOOST_TEST(trainer.optimizer().learning_rate == 1e-2f);
    return message;
  };
  const std::string must =
      "the schedule, at epoch 1 step 1: the learning rate must be 0 or a positive "
      "number, not ";
  BOOST_TEST(refusal(NAN) == must + "nan");
  BOOST_TEST(refusal(-0.5) == must + "-0.5");
  BOOST_TEST(refusal(INFINITY) == must + "inf");
  BOOST_TEST(refusal(1e300) == must + "1e+300");  // infinite as float

  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.momentum = 0.5f}};
  BOOST_TEST(message_of<ts::usage_error>([&] {
               trainer.fit(set(),
                           {.epochs = 2, .batch = 10, .momentum_schedule = [](const auto& at) {
                              return at.step / 2;
                            }});
             }) ==
             "the momentum_schedule, at epoch 1 step 3: momentum must be at least 0 and below 1, "
             "not 1");
}

namespace {
struct without_settings {
  static constexpr std::size_t slots = 0;
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - 0.1f * g); }
};
}  // namespace

BOOST_AUTO_TEST_CASE(an_optimiser_without_a_rate_takes_no_schedule) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, without_settings{}};
  BOOST_TEST(
      message_of<ts::usage_error>([&] { trainer.fit(set(), {.schedule = ts::step_lr{}}); }) ==
      "fit: a schedule needs an optimizer with a learning_rate, which unnamed has not");
  BOOST_TEST(message_of<ts::usage_error>(
                 [&] { trainer.fit(set(), {.momentum_schedule = ts::constant_lr{}}); }) ==
             "fit: a momentum_schedule needs an optimizer with momentum or beta1, which unnamed "
             "has not");
  BOOST_TEST(message_of<ts::usage_error>([&] { trainer.set_learning_rate(0.1f); }) ==
             "set_learning_rate: unnamed has no learning_rate");
  trainer.fit(set(), {.epochs = 1});
}

BOOST_AUTO_TEST_CASE(a_momentum_schedule_sets_momentum_or_beta1) {
  const auto bytes = [](auto rule, const ts::learning_rate_schedule& momentum) {
    model_type model = made();
    ts::trainer trainer{model, ts::cross_entropy, rule};
    trainer.fit(set(), {.epochs = 2, .batch = 10, .momentum_schedule = momentum});
    return parameters_of(model);
  };
  const auto half = [](const auto&) { return 0.5; };
  BOOST_TEST((bytes(ts::sgd{.momentum = 0.9f}, half) == bytes(ts::sgd{.momentum = 0.5f}, {})));
  BOOST_TEST((bytes(ts::adam{}, half) == bytes(ts::adam{.beta1 = 0.5f}, {})));
  BOOST_TEST((bytes(ts::adam{}, half) != bytes(ts::adam{}, {})));
}

BOOST_AUTO_TEST_CASE(a_plateau_lowers_the_rate_of_a_run) {
  // Noise as validation set: its loss soon rises.
  const ts::data::dataset validation = samples::noise({2, 4, 3}, 3, 40, 77);
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 0.02f}};
  const ts::history past =
      trainer.fit(set(), {.epochs = 20,
                          .batch = 10,
                          .validation = &validation,
                          .schedule = ts::reduce_lr_on_plateau{.factor = 0.5, .patience = 2}});
  BOOST_TEST(past.front().learning_rate == 0.02f);
  BOOST_TEST(past.back().learning_rate < 0.006f);
  double best = past[0].validation.loss;
  std::size_t bad = 0;
  float rate = 0.02f;
  for (const ts::epoch_report& epoch : past) {  // the rule again, as one would say it
    BOOST_TEST(epoch.learning_rate == rate);
    bad = epoch.validation.loss < best * (1 - 1e-4) || epoch.epoch == 1 ? 0 : bad + 1;
    best = std::min(best, bad == 0 ? epoch.validation.loss : best);
    if (bad == 3) {
      rate /= 2;
      bad = 0;
    }
  }
}

BOOST_AUTO_TEST_CASE(a_resumed_run_has_the_bytes_of_one_that_was_not_interrupted) {
  const ts::fit_options cycle{.epochs = 9,
                              .batch = 10,
                              .seed = ts::seed{4},
                              .schedule = ts::per_step(ts::one_cycle_lr{.max_lr = 0.05}),
                              .momentum_schedule = ts::per_step(ts::one_cycle_momentum{})};
  check_resume(cycle, ts::nadam{.momentum_decay = 0.02f});
  check_resume(cycle, ts::sgd{.momentum = 0.9f, .nesterov = true}, ts::clip_norm{0.3f},
               ts::penalty::l1_proximal{1e-3f});
  const ts::fit_options plateau{
      .epochs = 9,
      .batch = 50,
      .schedule = ts::reduce_lr_on_plateau{.factor = 0.5, .patience = 0, .threshold = 0.2}};
  check_resume(plateau, ts::rprop{});
  check_resume(plateau, ts::adagrad{.initial_accumulator_value = 0.1f});
  check_resume(plateau, ts::noisy_sgd{.sigma = 0.1f, .seed = ts::seed{8}});
}

// A checkpoint of 0.1.0 has no rates in its history.
BOOST_AUTO_TEST_CASE(a_state_without_rates_is_still_read) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  trainer.fit(set(), {.epochs = 1, .batch = 50});
  ts::training_state state = trainer.state();
  std::string& words = state.metadata["history"];
  words.erase(words.rfind(' '));
  trainer.load_state(std::move(state.tensors), state.metadata);
  BOOST_TEST(trainer.progress().past[0].steps == 1u);
  BOOST_TEST(trainer.progress().past[0].learning_rate == 0);
}

BOOST_AUTO_TEST_SUITE_END()
