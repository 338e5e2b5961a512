// SPDX-License-Identifier: MIT
// Schedules: PyTorch's step by step, the lectures' by their formulas and codes.
#include "recorded/recorded.hpp"
#include "unit/data/message_of.hpp"

#include "tesela/optim/cyclic_schedule.hpp"
#include "tesela/optim/plateau_schedule.hpp"
#include "tesela/optim/schedule.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

// Where a run of `epochs` with the rate 0.1 stands in epoch t; ten steps an epoch.
ts::schedule_position at(std::size_t t, std::size_t epochs = 40) {
  ts::schedule_position p;
  p.rate = 0.1;
  p.epoch = static_cast<double>(t);
  p.epochs = static_cast<double>(epochs);
  p.step = 10 * p.epoch;
  p.steps = 10 * p.epochs;
  return p;
}

const recorded::values& recorded_rates() {
  static const recorded::values all("schedules");
  return all;
}

// Recorded values are rounded to float.
void check(const std::string& name, const ts::learning_rate_schedule& schedule,
           double smallest = 1e-9) {
  const std::vector<float>& theirs = recorded_rates()[name];
  for (std::size_t t = 0; t < theirs.size(); ++t) {
    const double ours = schedule(at(t)), expected = double{theirs[t]};
    BOOST_TEST(std::abs(ours - expected) <= 1e-7 * std::abs(expected) + smallest * 1e-5,
               name << " at " << t << ": " << ours << ", recorded " << expected);
  }
}

void check_formula(const ts::learning_rate_schedule& schedule, double (*formula)(double t)) {
  for (std::size_t t = 0; t < 40; ++t) {
    const double expected = formula(static_cast<double>(t));
    BOOST_TEST(schedule(at(t)) == expected, boost::test_tools::tolerance(1e-13));
  }
}

std::string refusal(const ts::learning_rate_schedule& schedule) {
  return message_of<ts::usage_error>([&] { schedule(at(3)); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(rates_that_go_down_are_pytorchs) {
  check("rate/step_lr", ts::step_lr{.step_size = 7, .gamma = 0.5});
  check("rate/multi_step_lr", ts::multi_step_lr{.milestones = {3, 10, 11, 30}, .gamma = 0.3});
  check("rate/exponential_lr", ts::exponential_lr{0.93});
  check("rate/linear_lr",
        ts::linear_lr{.start_factor = 1.0 / 3, .end_factor = 1, .total_iters = 5});
  check("rate/linear_lr_down", ts::linear_lr{.end_factor = 0.1});
  check("rate/polynomial_lr", ts::polynomial_lr{.power = 2, .total_iters = 30});
}

BOOST_AUTO_TEST_CASE(cosines_are_pytorchs) {
  check("rate/cosine_annealing_lr", ts::cosine_annealing_lr{.eta_min = 0.01, .t_max = 39});
  check("rate/cosine_annealing_lr_twice", ts::cosine_annealing_lr{.t_max = 15});
  check("rate/cosine_annealing_warm_restarts",
        ts::cosine_annealing_warm_restarts{.t_0 = 6, .eta_min = 0.001});
  check("rate/cosine_annealing_warm_restarts_longer",
        ts::cosine_annealing_warm_restarts{.t_0 = 3, .t_mult = 2});
}

BOOST_AUTO_TEST_CASE(cycles_are_pytorchs) {
  check("rate/cyclic_lr", ts::cyclic_lr{.base_lr = 0.0001, .max_lr = 0.001, .step_size_up = 3});
  check("rate/cyclic_lr_uneven",
        ts::cyclic_lr{.base_lr = 0.01, .max_lr = 0.1, .step_size_up = 3, .step_size_down = 7});
  check("rate/cyclic_lr_triangular2", ts::cyclic_lr{.base_lr = 0.01,
                                                    .max_lr = 0.1,
                                                    .step_size_up = 4,
                                                    .step_size_down = 2,
                                                    .mode = ts::cyclic_mode::triangular2});
  check("rate/cyclic_lr_exp_range", ts::cyclic_lr{.base_lr = 0.01,
                                                  .max_lr = 0.1,
                                                  .step_size_up = 4,
                                                  .mode = ts::cyclic_mode::exp_range,
                                                  .gamma = 0.97});
  check("momentum/cyclic_lr", ts::cyclic_momentum{.step_size_up = 3});
  check("momentum/cyclic_lr_uneven", ts::cyclic_momentum{.step_size_up = 3, .step_size_down = 7});
  check("momentum/cyclic_lr_triangular2",
        ts::cyclic_momentum{
            .step_size_up = 4, .step_size_down = 2, .mode = ts::cyclic_mode::triangular2});
  check("momentum/cyclic_lr_exp_range",
        ts::cyclic_momentum{.step_size_up = 4, .mode = ts::cyclic_mode::exp_range, .gamma = 0.97});
}

BOOST_AUTO_TEST_CASE(one_cycle_is_pytorchs) {
  using enum ts::annealing;
  check("rate/one_cycle_lr", ts::one_cycle_lr{.max_lr = 0.5});
  check("rate/one_cycle_lr_linear", ts::one_cycle_lr{.max_lr = 0.5,
                                                     .pct_start = 0.4,
                                                     .div_factor = 10,
                                                     .final_div_factor = 100,
                                                     .anneal_strategy = linear});
  check("rate/one_cycle_lr_three_phases", ts::one_cycle_lr{.max_lr = 0.5, .three_phase = true});
  check("momentum/one_cycle_lr", ts::one_cycle_momentum{});
  check("momentum/one_cycle_lr_linear",
        ts::one_cycle_momentum{.pct_start = 0.4, .anneal_strategy = linear});
  check("momentum/one_cycle_lr_three_phases", ts::one_cycle_momentum{.three_phase = true});
}

BOOST_AUTO_TEST_CASE(warm_up_is_pytorchs_chain_of_two_schedules) {
  check("rate/warm_up", ts::warm_up(5, ts::exponential_lr{0.9}));
  // It grows to the schedule's first rate, and the schedule sees a run that is shorter.
  const ts::learning_rate_schedule warm = ts::warm_up(4, ts::linear_lr{}, 0.5);
  BOOST_TEST(warm(at(0, 14)) == 0.05, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(warm(at(2, 14)) == 0.075, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(warm(at(4, 14)) == 0.1, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(warm(at(9, 14)) == 0.05, boost::test_tools::tolerance(1e-14));
  // Beyond the whole run, too.
  BOOST_TEST(std::isfinite(ts::warm_up(50, ts::cosine_annealing_lr{})(at(39))));
}

BOOST_AUTO_TEST_CASE(a_plateau_is_where_pytorch_sees_one) {
  const auto& recorded = recorded_rates()["plateau/metric"];
  const std::vector<double> metric(recorded.begin(), recorded.end());
  const auto check_plateau = [&](const std::string& name,
                                 const ts::reduce_lr_on_plateau& schedule) {
    const std::vector<float>& theirs = recorded_rates()[name];
    for (std::size_t t = 0; t < theirs.size(); ++t) {
      ts::schedule_position now = at(t);
      now.losses = now.accuracies = std::span(metric).first(t);
      BOOST_TEST(schedule(now) == double{theirs[t]}, boost::test_tools::tolerance(1e-7));
    }
    BOOST_TEST(theirs.back() < 0.06f);  // it fell
  };
  check_plateau("rate/plateau", {.factor = 0.5, .patience = 2});
  check_plateau("rate/plateau_cooldown", {.factor = 0.3,
                                          .patience = 1,
                                          .threshold = 0.05,
                                          .threshold_mode = ts::threshold_mode::absolute,
                                          .cooldown = 4,
                                          .min_lr = 0.002});
  check_plateau(
      "rate/plateau_max",
      {.watch = ts::plateau_of::accuracy, .factor = 0.5, .patience = 3, .threshold = 0.01});
}

// The table of the lectures: base 0.0001, max 0.001, 3 steps up.
BOOST_AUTO_TEST_CASE(the_triangle_of_the_lectures_has_their_seven_rates) {
  const ts::cyclic_lr schedule{.base_lr = 0.0001, .max_lr = 0.001, .step_size_up = 3};
  const float expected[] = {1e-4f, 4e-4f, 7e-4f, 1e-3f, 7e-4f, 4e-4f, 1e-4f};
  for (std::size_t t = 0; t < 7; ++t) {
    BOOST_TEST(static_cast<float>(schedule(at(t))) == expected[t], "t = " << t);
  }
}

BOOST_AUTO_TEST_CASE(the_formulas_of_the_lectures_are_kept_to_the_last_bits) {
  check_formula(ts::constant_lr{}, [](double) { return 0.1; });
  check_formula(ts::exponential_decay{0.2}, [](double t) { return 0.1 * std::exp(-0.2 * t); });
  check_formula(ts::power_decay{.alpha = 0.5, .beta = 0.3},
                [](double t) { return 0.1 / std::sqrt(0.3 * t + 1); });
  check_formula(ts::linear_lr{}, [](double t) { return 0.1 * (1 - t / 40); });
  check_formula(ts::polynomial_lr{.power = 1}, [](double t) { return 0.1 * (1 - t / 40); });
}

// The demo: it = 1; then, again and again, it += 1 and rate * exp(-0.1 it).
BOOST_AUTO_TEST_CASE(the_incremented_exponential_is_the_demos_and_not_the_formulas) {
  const ts::incremented_exponential_decay schedule{0.1};
  int it = 1;
  for (std::size_t t = 0; t < 30; ++t) {
    it += 1;
    BOOST_TEST(schedule(at(t)) == 0.1 * std::exp(-0.1 * it), boost::test_tools::tolerance(1e-14));
  }
  BOOST_TEST(schedule(at(0)) == 0.1 * std::exp(-0.2));
  BOOST_TEST(ts::exponential_decay{0.1}(at(0)) == 0.1);
}

// The demo: 1000 epochs from 0.8, decay = 0.8 / 1000, the rate before multiplied in every epoch.
BOOST_AUTO_TEST_CASE(the_compounding_power_decay_is_the_demos_and_not_the_formulas) {
  for (const double alpha : {1.0, 0.5}) {
    const double decay = 0.8 / 1000;
    const ts::compounding_power_decay compounding{.alpha = alpha, .beta = decay};
    const ts::power_decay formula{.alpha = alpha, .beta = decay};
    double rate = 0.8;
    for (std::size_t t = 0; t < 1000; ++t) {
      if (t > 0) rate = rate * std::pow(1 + decay * static_cast<double>(t), -alpha);
      ts::schedule_position now = at(t, 1000);
      now.rate = 0.8;
      BOOST_TEST_REQUIRE(compounding(now) == rate, boost::test_tools::tolerance(1e-12));
      BOOST_TEST_REQUIRE(formula(now) == 0.8 * std::pow(1 + decay * static_cast<double>(t), -alpha),
                         boost::test_tools::tolerance(1e-12));
    }
    BOOST_TEST(rate < 1e-60);  // e^(-alpha decay 1000^2 / 2)
    ts::schedule_position last = at(999, 1000);
    last.rate = 0.8;
    BOOST_TEST(formula(last) > 0.4);
  }
}

BOOST_AUTO_TEST_CASE(a_piece_begins_at_its_boundary) {
  const ts::piecewise_lr schedule{.rates = {0.3, 0.2, 0.05}, .boundaries = {2, 10}};
  const double expected[] = {0.3, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.05, 0.05};
  for (std::size_t t = 0; t < 12; ++t) BOOST_TEST(schedule(at(t)) == expected[t]);
  BOOST_TEST((ts::piecewise_lr{.rates = {0.7}, .boundaries = {}}(at(9)) == 0.7));
}

BOOST_AUTO_TEST_CASE(counted_in_steps_a_schedule_sees_steps_as_epochs) {
  const ts::learning_rate_schedule schedule = ts::per_step(ts::linear_lr{});
  ts::schedule_position now = at(3, 8);  // step 30 of 80
  now.step += 7;
  BOOST_TEST(schedule(now) == 0.1 * (1 - 37.0 / 80), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(what_no_schedule_can_do_is_refused) {
  BOOST_TEST(refusal(ts::piecewise_lr{.rates = {1, 2}, .boundaries = {}}) ==
             "piecewise_lr: rates must be one more than boundaries");
  BOOST_TEST(refusal(ts::piecewise_lr{.rates = {1, 2, 3}, .boundaries = {5, 4}}) ==
             "piecewise_lr: boundaries must rise");
  BOOST_TEST(refusal(ts::step_lr{.step_size = 0}) == "step_lr: step_size must be at least 1");
  BOOST_TEST(refusal(ts::cosine_annealing_warm_restarts{.t_0 = 0}) ==
             "cosine_annealing_warm_restarts: t_0 must be at least 1");
  BOOST_TEST(refusal(ts::cosine_annealing_warm_restarts{.t_mult = 0.5}) ==
             "cosine_annealing_warm_restarts: t_mult must be at least 1");
  BOOST_TEST(refusal(ts::cyclic_lr{.step_size_up = 0}) ==
             "cyclic_lr: step_size_up must be at least 1 and step_size_down not negative");
  BOOST_TEST(refusal(ts::one_cycle_lr{.pct_start = 1}) ==
             "one_cycle_lr: pct_start must be above 0 and below 1");
  BOOST_TEST(refusal(ts::cyclic_momentum{.step_size_up = 0}) ==
             "cyclic_momentum: step_size_up must be at least 1 and step_size_down not negative");
  BOOST_TEST(refusal(ts::one_cycle_momentum{.pct_start = 1}) ==
             "one_cycle_momentum: pct_start must be above 0 and below 1");
  BOOST_TEST(refusal(ts::reduce_lr_on_plateau{.factor = 1}) ==
             "reduce_lr_on_plateau: factor must be at least 0 and below 1");
  BOOST_TEST(refusal(ts::reduce_lr_on_plateau{.threshold = -1}) ==
             "reduce_lr_on_plateau: threshold must be at least 0 and below 1");
  BOOST_TEST(message_of<ts::usage_error>([] { ts::warm_up(0); }) ==
             "warm_up: epochs must be at least 1");
  BOOST_TEST(message_of<ts::usage_error>([] { ts::warm_up(3, ts::constant_lr{}, -1); }) ==
             "warm_up: start_factor must not be negative");
}

// A run of one epoch, or of one step.
BOOST_AUTO_TEST_CASE(the_shortest_run_has_finite_rates) {
  const ts::schedule_position only = at(0, 1);
  BOOST_TEST(ts::one_cycle_lr{}(only) >= 0);
  BOOST_TEST(ts::cosine_annealing_lr{}(only) == 0.1);
  BOOST_TEST(ts::linear_lr{}(only) == 0.1);
  BOOST_TEST(ts::polynomial_lr{}(only) == 0.1);
}

BOOST_AUTO_TEST_SUITE_END()
