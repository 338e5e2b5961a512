// SPDX-License-Identifier: MIT
// The learning-rate range test: its rates, what it suggests, and that it leaves nothing behind.
#include "networks.hpp"
#include "samples.hpp"
#include "unit/data/message_of.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cyclic_schedule.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/learning_rate_range.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <vector>

namespace ts = tesela;

namespace {

ts::data::dataset set() { return samples::separable({2, 4, 3}, 3, 200); }

template <class Trainer>
std::vector<float> bytes_of(Trainer& trainer) {
  std::vector<float> all(trainer.trained_model().parameters().begin(),
                         trainer.trained_model().parameters().end());
  for (std::size_t s = 0; s < Trainer::optimizer_type::slots; ++s) {
    all.insert(all.end(), trainer.optimizer_slot(s).begin(), trainer.optimizer_slot(s).end());
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(learning_rate_ranges)

BOOST_AUTO_TEST_CASE(rates_grow_evenly_in_their_logarithm_and_everything_is_as_it_was) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 0.004f}};
  trainer.fit(set(), {.epochs = 1});
  const std::vector<float> before = bytes_of(trainer);
  const std::uint64_t steps = trainer.steps();
  const ts::range_result found =
      ts::learning_rate_range(trainer, set(), {.from = 1e-5, .to = 1e-2, .steps = 31, .batch = 32});
  BOOST_TEST_REQUIRE(found.curve.size() == 31u);
  for (std::size_t s = 0; s < 31; ++s) {
    BOOST_TEST(found.curve[s].rate == 1e-5 * std::pow(10, static_cast<double>(s) / 10),
               boost::test_tools::tolerance(1e-12));
  }
  BOOST_TEST((bytes_of(trainer) == before));
  BOOST_TEST(trainer.steps() == steps);
  BOOST_TEST(trainer.optimizer().learning_rate == 0.004f);
  // The same again.
  const ts::range_result again =
      ts::learning_rate_range(trainer, set(), {.from = 1e-5, .to = 1e-2, .steps = 31, .batch = 32});
  for (std::size_t s = 0; s < 31; ++s) BOOST_TEST(again.curve[s].loss == found.curve[s].loss);
}

BOOST_AUTO_TEST_CASE(a_rate_that_is_too_large_ends_the_run) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const std::vector<float> before = bytes_of(trainer);
  const ts::data::dataset noise = samples::noise({2, 4, 3}, 3, 100);
  const ts::range_result found =
      ts::learning_rate_range(trainer, noise, {.from = 1e-3, .to = 1e30, .steps = 200});
  BOOST_TEST(found.curve.size() < 50u);
  BOOST_TEST((bytes_of(trainer) == before));
}

BOOST_AUTO_TEST_CASE(what_it_suggests_trains) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::range_result found =
      ts::learning_rate_range(trainer, set(), {.from = 1e-5, .to = 10, .steps = 100, .batch = 50});
  BOOST_TEST(found.base_lr > 1e-4);
  BOOST_TEST(found.max_lr > found.base_lr);
  BOOST_TEST(found.max_lr < 30);
  const double first = trainer.evaluate(set()).loss;
  trainer.fit(set(), {.epochs = 12,
                      .batch = 50,
                      .schedule = ts::cyclic_lr{
                          .base_lr = found.base_lr, .max_lr = found.max_lr, .step_size_up = 2}});
  BOOST_TEST(trainer.evaluate(set()).loss < first / 2);
}

BOOST_AUTO_TEST_CASE(smoothing_is_a_running_mean_without_its_beginning_at_zero) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::range_result found = ts::learning_rate_range(
      trainer, set(), {.from = 1e-3, .to = 1e-1, .steps = 20, .smoothing = 0.5});
  BOOST_TEST(found.curve[0].smoothed == found.curve[0].loss);
  for (std::size_t s = 1; s < 20; ++s) {
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i <= s; ++i) {
      const double weight = std::exp2(-static_cast<double>(s - i));
      sum += weight * found.curve[i].loss;
      weights += weight;
    }
    BOOST_TEST(found.curve[s].smoothed == sum / weights, boost::test_tools::tolerance(1e-12));
  }
}

// Rates so small that no float changes: each loss is of the whole set, so all are the same but for
// the order of their sums.
BOOST_AUTO_TEST_CASE(where_the_loss_never_falls_nothing_is_suggested) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const ts::range_result found = ts::learning_rate_range(
      trainer, set(), {.from = 1e-30, .to = 1e-28, .steps = 5, .batch = 200, .smoothing = 0});
  BOOST_TEST(found.curve.size() == 5u);
  BOOST_TEST(found.base_lr < 1e-27);
  BOOST_TEST(found.max_lr < 1e-27);
}

BOOST_AUTO_TEST_CASE(what_is_no_range_is_refused) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  const auto refusal = [&](const ts::range_options& options) {
    return message_of<ts::usage_error>([&] { ts::learning_rate_range(trainer, set(), options); });
  };
  const char* up = "learning_rate_range: rates must go up from a positive number";
  BOOST_TEST(refusal({.from = 0}) == up);
  BOOST_TEST(refusal({.from = NAN}) == up);
  BOOST_TEST(refusal({.from = 1, .to = 0.5}) == up);
  BOOST_TEST(refusal({.to = INFINITY}) == up);
  BOOST_TEST(refusal({.steps = 1}) == "learning_rate_range: steps must be at least 2");
  BOOST_TEST(refusal({.batch = 0}) == "learning_rate_range: batch must be at least 1, not 0");
  BOOST_TEST(refusal({.smoothing = 1}) ==
             "learning_rate_range: smoothing must be at least 0 and below 1");
  BOOST_TEST(message_of<ts::usage_error>([&] {
               ts::learning_rate_range(trainer, samples::noise({1, 4, 3}, 3, 9));
             }).starts_with("learning_rate_range: the network expects samples of 2x4x3"));
}

BOOST_AUTO_TEST_SUITE_END()
