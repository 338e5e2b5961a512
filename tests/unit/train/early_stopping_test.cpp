// SPDX-License-Identifier: MIT
// When training stops early, and which parameters are left.
#include "tesela/train/early_stopping.hpp"

#include "tesela/data/dataset.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace tesela;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A trainer whose epochs' losses are known beforehand. Its parameters are the epoch's number.
struct pretended_trainer {
  training_progress kept;
  double parameters = 0;
  bool has_stopped = false;

  const training_progress& progress() const { return kept; }
  void keep_best(std::size_t epoch, double loss) {
    kept.best_epoch = epoch;
    kept.best_loss = loss;
    kept.best = {static_cast<float>(parameters)};
  }
  void restore_best() {
    if (!kept.best.empty()) parameters = static_cast<double>(kept.best[0]);
  }
  void stop() { has_stopped = true; }

  // Epochs run by `rule` on these validation losses; on training losses where `validated` is false.
  std::size_t run(const early_stopping& rule, const std::vector<double>& losses,
                  bool validated = true) {
    rule.begin(*this, 0);
    for (const double loss : losses) {
      if (has_stopped) break;
      epoch_report report;
      report.epoch = kept.past.size() + 1;
      report.train = {validated ? -loss : loss, 0.5, 10};
      if (validated) report.validation = {loss, 0.5, 10};
      kept.past.push_back(report);
      parameters = static_cast<double>(report.epoch);
      rule.epoch(*this, report);
    }
    rule.end(*this, kept.past);
    return kept.past.size();
  }
};

// The parameters after every epoch.
struct recorder {
  std::vector<std::vector<float>> after;
  template <class Trainer>
  void epoch(Trainer& trainer, const epoch_report&) {
    const auto now = trainer.trained_model().parameters();
    after.emplace_back(now.begin(), now.end());
  }
};

std::string refusal_of(const early_stopping& rule) {
  pretended_trainer trainer;
  try {
    rule.begin(trainer, 0);
  } catch (const usage_error& refusal) {
    return refusal.what();
  }
  return "nothing was thrown";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(early_stoppings)

BOOST_AUTO_TEST_CASE(it_stops_after_as_many_epochs_without_a_better_loss_as_its_patience) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 3}, {5, 4, 3, 3.5, 4, 4.5, 1, 1}) == 6u);
  BOOST_TEST(trainer.has_stopped);
  BOOST_TEST(trainer.parameters == 3);
  BOOST_TEST(trainer.kept.best_loss == 3);

  pretended_trainer hasty;
  BOOST_TEST(hasty.run({.patience = 1}, {5, 4, 4, 1}) == 3u);
  BOOST_TEST(hasty.parameters == 2);
}

BOOST_AUTO_TEST_CASE(a_better_epoch_begins_the_count_anew) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 2}, {5, 6, 4, 6, 3, 6, 2}) == 7u);
  BOOST_TEST(!trainer.has_stopped);
  BOOST_TEST(trainer.parameters == 7);
}

BOOST_AUTO_TEST_CASE(the_best_parameters_come_back_without_a_stop_too) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 5}, {5, 2, 3, 4}) == 4u);
  BOOST_TEST(!trainer.has_stopped);
  BOOST_TEST(trainer.parameters == 2);
}

BOOST_AUTO_TEST_CASE(without_validation_it_watches_the_training_loss) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 1}, {5, 4, 6, 1}, false) == 3u);
  BOOST_TEST(trainer.parameters == 2);
}

BOOST_AUTO_TEST_CASE(a_gain_of_no_more_than_min_delta_is_none) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 2, .min_delta = 0.5}, {5, 4.5, 4.75, 1}) == 3u);
  BOOST_TEST(trainer.parameters == 1);
}

BOOST_AUTO_TEST_CASE(nan_is_never_better) {
  pretended_trainer trainer;
  BOOST_TEST(trainer.run({.patience = 2}, {5, not_a_number, not_a_number, 1}) == 3u);
  BOOST_TEST(trainer.parameters == 1);

  // Nothing but NaN: nothing was kept, so the parameters stay the last ones.
  pretended_trainer lost;
  BOOST_TEST(lost.run({.patience = 2}, {not_a_number, not_a_number, 1}) == 2u);
  BOOST_TEST(lost.kept.best_epoch == 0u);
  BOOST_TEST(lost.parameters == 2);
}

BOOST_AUTO_TEST_CASE(a_resumed_run_judges_its_last_epoch_once_more_and_may_stop_at_once) {
  pretended_trainer trainer;
  trainer.run({.patience = 2}, {5, 6, 7});
  BOOST_TEST(trainer.has_stopped);
  pretended_trainer resumed;
  resumed.kept = trainer.kept;
  BOOST_TEST(resumed.run({.patience = 2}, {1, 1}) == 3u);

  // A checkpoint written before the epoch was judged: the parameters are those of that epoch.
  pretended_trainer unjudged;
  unjudged.kept.past = trainer.kept.past;
  unjudged.kept.past.back().validation.loss = 2;
  unjudged.kept.best_epoch = 1;
  unjudged.kept.best_loss = 5;
  unjudged.kept.best = {1};
  unjudged.parameters = 3;
  unjudged.run({.patience = 2}, {});
  BOOST_TEST(unjudged.kept.best_epoch == 3u);
  BOOST_TEST(unjudged.parameters == 3);
}

BOOST_AUTO_TEST_CASE(settings_out_of_range_are_refused) {
  BOOST_TEST(refusal_of({.patience = 0}) ==
             "early_stopping: patience must be at least 1, not 0: it would stop before the first "
             "epoch");
  BOOST_TEST(refusal_of({.min_delta = -1}) ==
             "early_stopping: min_delta must be 0 or a positive number, not -1");
  BOOST_TEST(refusal_of({.min_delta = not_a_number}) ==
             "early_stopping: min_delta must be 0 or a positive number, not nan");
}

// A real training that gets worse: the learning rate is far too large.
BOOST_AUTO_TEST_CASE(a_model_ends_with_the_weights_of_its_best_epoch) {
  constexpr auto net = input<1> | linear<4> | relu | linear<2>;
  std::vector<float> values;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 64; ++i) {
    values.push_back(static_cast<float>(i % 8) - 3.5f);
    labels.push_back((i * 7 + i / 8) % 2);
  }
  const auto samples = data::dataset::from_floats({1, 1, 1}, {"a", "b"}, values, labels);
  model trained{net, init::he_normal, seed{3}};
  trainer teacher{trained, cross_entropy, sgd{.learning_rate = 0.5f, .momentum = 0.9f}};

  recorder record;
  const history past = teacher.fit(samples, {.epochs = 50, .batch = 8}, early_stopping{.patience = 3},
                                   record);
  const std::size_t best = teacher.progress().best_epoch;
  BOOST_TEST_MESSAGE("best epoch " << best << " of " << past.size());
  BOOST_REQUIRE(best >= 1u);
  BOOST_TEST(past.size() == best + 3);
  const auto now = trained.parameters();
  BOOST_TEST(std::vector<float>(now.begin(), now.end()) == record.after[best - 1],
             boost::test_tools::per_element());
  BOOST_TEST((record.after[best - 1] != record.after.back()));
}

BOOST_AUTO_TEST_SUITE_END()
