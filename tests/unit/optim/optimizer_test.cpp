// SPDX-License-Identifier: MIT
// Optimisers: what they refuse by name and value, and their rules against the formulas in double.
#include "unit/data/message_of.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/optim/adagrad.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/nadam.hpp"
#include "tesela/optim/noisy_sgd.hpp"
#include "tesela/optim/rmsprop.hpp"
#include "tesela/optim/rprop.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/optim/sgd.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace ts = tesela;

namespace {

constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

template <class Optimizer>
std::string refusal(const Optimizer& optimizer) {
  return message_of<ts::usage_error>([&] { optimizer.validate(); });
}

constexpr const char* fine = "nothing was thrown";

// Gradients that do not stay the same: of (w - 3)^2 / 2.
constexpr std::size_t count = 37;  // not a multiple of any vector

}  // namespace

BOOST_AUTO_TEST_SUITE(optimizer)

BOOST_AUTO_TEST_CASE(defaults_and_limits_are_accepted) {
  BOOST_TEST(refusal(ts::sgd{}) == fine);
  BOOST_TEST(refusal(ts::adam{}) == fine);
  BOOST_TEST(refusal(ts::sgd{.learning_rate = 1e-30f, .momentum = 0.999f, .weight_decay = 0}) ==
             fine);
  BOOST_TEST(refusal(ts::adam{.beta1 = 0, .beta2 = 0}) == fine);
}

BOOST_AUTO_TEST_CASE(a_learning_rate_must_be_a_positive_number) {
  BOOST_TEST(refusal(ts::sgd{.learning_rate = nan_value}) ==
             "sgd: learning_rate must be a positive number, not nan");
  BOOST_TEST(refusal(ts::sgd{.learning_rate = 0}) ==
             "sgd: learning_rate must be a positive number, not 0");
  BOOST_TEST(refusal(ts::sgd{.learning_rate = -0.5f}) ==
             "sgd: learning_rate must be a positive number, not -0.5");
  BOOST_TEST(refusal(ts::sgd{.learning_rate = infinity}) ==
             "sgd: learning_rate must be a positive number, not inf");
  BOOST_TEST(refusal(ts::adam{.learning_rate = nan_value}) ==
             "adam: learning_rate must be a positive number, not nan");
  BOOST_TEST(refusal(ts::adam{.learning_rate = 0}) ==
             "adam: learning_rate must be a positive number, not 0");
}

BOOST_AUTO_TEST_CASE(momentum_must_lie_between_0_and_1) {
  BOOST_TEST(refusal(ts::sgd{.momentum = 1}) ==
             "sgd: momentum must be at least 0 and below 1, not 1");
  BOOST_TEST(refusal(ts::sgd{.momentum = -0.1f}) ==
             "sgd: momentum must be at least 0 and below 1, not -0.1");
  BOOST_TEST(refusal(ts::sgd{.momentum = nan_value}) ==
             "sgd: momentum must be at least 0 and below 1, not nan");
}

BOOST_AUTO_TEST_CASE(the_decays_of_adam_must_lie_between_0_and_1) {
  BOOST_TEST(refusal(ts::adam{.beta1 = 1}) == "adam: beta1 must be at least 0 and below 1, not 1");
  BOOST_TEST(refusal(ts::adam{.beta1 = -0.5f}) ==
             "adam: beta1 must be at least 0 and below 1, not -0.5");
  BOOST_TEST(refusal(ts::adam{.beta2 = 1.5f}) ==
             "adam: beta2 must be at least 0 and below 1, not 1.5");
  BOOST_TEST(refusal(ts::adam{.beta2 = nan_value}) ==
             "adam: beta2 must be at least 0 and below 1, not nan");
}

BOOST_AUTO_TEST_CASE(epsilon_must_be_positive) {
  BOOST_TEST(refusal(ts::adam{.epsilon = 0}) == "adam: epsilon must be a positive number, not 0");
  BOOST_TEST(refusal(ts::adam{.epsilon = nan_value}) ==
             "adam: epsilon must be a positive number, not nan");
}

BOOST_AUTO_TEST_CASE(weight_decay_must_not_be_negative) {
  BOOST_TEST(refusal(ts::sgd{.weight_decay = -1}) ==
             "sgd: weight_decay must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(ts::adam{.weight_decay = infinity}) ==
             "adam: weight_decay must be 0 or a positive number, not inf");
}

// Every setting of every optimiser, with each value that it cannot have.
BOOST_AUTO_TEST_CASE(each_setting_out_of_its_range_is_refused_by_name) {
  const auto check = [](auto rule, auto member, const char* setting, const char* expected,
                        std::initializer_list<float> wrong) {
    BOOST_TEST(refusal(rule) == fine);
    for (const float value : wrong) {
      auto broken = rule;
      broken.*member = value;
      BOOST_TEST(refusal(broken) == std::string(rule.name) + ": " + setting + " must be " +
                                        expected + ", not " + ts::detail::number_text(value));
    }
  };
  const char *positive = "a positive number", *not_negative = "0 or a positive number",
             *below_one = "at least 0 and below 1";
  const std::initializer_list<float> no_rate{0, -1, nan_value, infinity},
      no_amount{-1, nan_value, infinity}, no_share{1, -0.5f, nan_value, infinity};
  using ts::sgd, ts::adam, ts::amsgrad, ts::adamw, ts::nadam, ts::adagrad, ts::rmsprop,
      ts::centered_rmsprop, ts::rprop, ts::noisy_sgd;
  check(sgd{}, &sgd::dampening, "dampening", below_one, no_share);
  const auto check_adam = [&]<class Adam>(Adam rule) {
    check(rule, &Adam::learning_rate, "learning_rate", positive, no_rate);
    check(rule, &Adam::beta1, "beta1", below_one, no_share);
    check(rule, &Adam::beta2, "beta2", below_one, no_share);
    check(rule, &Adam::epsilon, "epsilon", positive, no_rate);
    check(rule, &Adam::weight_decay, "weight_decay", not_negative, no_amount);
  };
  check_adam(adam{});
  check_adam(amsgrad{});
  check_adam(adamw{});
  check_adam(nadam{});
  check(nadam{}, &nadam::momentum_decay, "momentum_decay", not_negative, no_amount);
  check(adagrad{}, &adagrad::learning_rate, "learning_rate", positive, no_rate);
  check(adagrad{}, &adagrad::learning_rate_decay, "learning_rate_decay", not_negative, no_amount);
  check(adagrad{}, &adagrad::weight_decay, "weight_decay", not_negative, no_amount);
  check(adagrad{}, &adagrad::initial_accumulator_value, "initial_accumulator_value", not_negative,
        no_amount);
  check(adagrad{}, &adagrad::epsilon, "epsilon", positive, no_rate);
  const auto check_rmsprop = [&]<class Rule>(Rule rule) {
    check(rule, &Rule::learning_rate, "learning_rate", positive, no_rate);
    check(rule, &Rule::alpha, "alpha", below_one, no_share);
    check(rule, &Rule::epsilon, "epsilon", positive, no_rate);
    check(rule, &Rule::momentum, "momentum", below_one, no_share);
    check(rule, &Rule::weight_decay, "weight_decay", not_negative, no_amount);
  };
  check_rmsprop(rmsprop{});
  check_rmsprop(centered_rmsprop{});
  check(rprop{}, &rprop::learning_rate, "learning_rate", positive, no_rate);
  check(rprop{}, &rprop::eta_minus, "eta_minus", "above 0 and below 1", {0, 1, -1, nan_value});
  check(rprop{}, &rprop::eta_plus, "eta_plus", "a number above 1", {1, 0, nan_value, infinity});
  check(rprop{}, &rprop::step_minimum, "step_minimum", positive, no_rate);
  check(rprop{}, &rprop::step_maximum, "step_maximum", "a number not below step_minimum",
        {1e-7f, nan_value, infinity});
  check(noisy_sgd{}, &noisy_sgd::learning_rate, "learning_rate", positive, no_rate);
  check(noisy_sgd{}, &noisy_sgd::sigma, "sigma", not_negative, no_amount);
}

BOOST_AUTO_TEST_CASE(nesterov_needs_momentum_and_no_dampening) {
  const char* message = "sgd: nesterov needs a momentum above 0 and dampening 0";
  BOOST_TEST(refusal(ts::sgd{.nesterov = true}) == message);
  BOOST_TEST(refusal(ts::sgd{.momentum = 0.9f, .dampening = 0.1f, .nesterov = true}) == message);
  BOOST_TEST(refusal(ts::sgd{.momentum = 0.9f, .nesterov = true}) == fine);
}

// The product of momenta ends where it no longer counts, and not before.
BOOST_AUTO_TEST_CASE(nadams_product_is_that_of_all_steps) {
  for (const float beta1 : {0.0f, 0.5f, 0.9f, 0.99f}) {
    const ts::nadam rule{.beta1 = beta1};
    double product = 1;
    for (std::uint64_t t = 1; t <= 3000; ++t) {
      product *= rule.momentum_at(t);
      BOOST_TEST_REQUIRE(std::abs(rule.momentum_product(t) - product) <= 1e-14 * product + 0x1p-60);
      BOOST_TEST_REQUIRE(std::abs((1 - rule.momentum_product(t)) - (1 - product)) <= 0x1p-52);
    }
  }
  // After 2^40 steps it costs what it costs after a thousand.
  BOOST_TEST(ts::nadam{}.momentum_product(std::uint64_t{1} << 40) <= 0x1p-60);
}

// Whatever comes: gradients of no size and of every size, and a step far beyond 2^32.
BOOST_AUTO_TEST_CASE(rules_stay_finite_for_gradients_of_every_size) {
  const auto check = [](auto rule) {
    using rule_type = decltype(rule);
    constexpr std::size_t slots = rule_type::slots;
    for (const std::uint64_t from :
         {std::uint64_t{1}, std::uint64_t{1} << 31, std::uint64_t{1} << 40}) {
      for (const double size : {0.0, 1e-38, 1e-20, 1e-3, 1.0, 1e15}) {
        std::array<float, count> w, g;
        w.fill(0.5f);
        std::array<std::array<float, count>, slots> state;
        const auto initial = ts::detail::initial_state(rule);
        for (std::size_t s = 0; s < slots; ++s) state[s].fill(initial[s]);
        for (std::uint64_t step = from; step < from + 5; ++step) {
          g.fill(static_cast<float>(step % 2 == 0 ? -size : size));
          [&]<std::size_t... S>(std::index_sequence<S...>) {
            ts::static_isa::evaluate(rule.rule(step, ts::expr::operand<0>{}, ts::expr::operand<1>{},
                                               ts::expr::operand<2 + S>{}...),
                                     {g.data(), w.data(), state[S].data()...},
                                     {w.data(), state[S].data()...}, count);
          }
          (std::make_index_sequence<slots>{});
        }
        for (const float value : w) {
          BOOST_TEST_REQUIRE(std::isfinite(value), rule.name << ", gradients of " << size);
        }
      }
    }
  };
  check(ts::sgd{.momentum = 0.9f, .nesterov = true});
  check(ts::adam{});
  check(ts::amsgrad{});
  check(ts::adamw{});
  check(ts::nadam{});
  check(ts::adagrad{});
  check(ts::rmsprop{.momentum = 0.9f});
  check(ts::centered_rmsprop{.momentum = 0.9f});
  check(ts::rprop{});
}

namespace {

// The lectures' demo: x1^2 + 2 x2^2 from (-5, -2.5), noise N(0, 1) on both components of the
// gradient. The mean square of the distance from the minimum over the last half of the steps.
template <class Schedule>
double noisy_descent(const Schedule& schedule, std::size_t steps, std::uint64_t seed) {
  double x1 = -5, x2 = -2.5, squares = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    ts::schedule_position at;
    at.rate = 0.1;
    at.epoch = static_cast<double>(t);
    at.epochs = static_cast<double>(steps);
    const ts::noisy_sgd rule{.learning_rate = static_cast<float>(schedule(at)),
                             .seed = ts::seed{seed}};
    const ts::random_stream noise = rule.noise(t + 1);
    const auto step = [&](double gradient, double x, std::uint64_t i) {
      return ts::reference::evaluate(
          rule.rule(t + 1, ts::expr::operand<0>{}, ts::expr::operand<1>{}, ts::expr::operand<2>{}),
          std::array{gradient, x, double{noise.normal(i)}})[0];
    };
    const double next1 = step(2 * x1, x1, 0), next2 = step(4 * x2, x2, 1);
    x1 = next1;
    x2 = next2;
    if (t >= steps / 2) squares += x1 * x1 + x2 * x2;
  }
  return squares / static_cast<double>(steps - steps / 2);
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_noisy_demo_comes_near_the_minimum_and_a_falling_rate_comes_nearer) {
  double constant = 0, falling = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    constant += noisy_descent(ts::constant_lr{}, 70, seed) / 20;
    falling += noisy_descent(ts::power_decay{.alpha = 1, .beta = 0.1}, 2500, seed) / 20;
  }
  // A constant rate r swings around it, with variances r / (4 - 4 r) and r / (8 - 16 r): 0.043 in
  // all.
  BOOST_TEST(std::abs(constant - 0.043) < 0.015);
  BOOST_TEST(falling < constant / 5);
}

BOOST_AUTO_TEST_CASE(sgd_follows_its_formula) {
  const ts::sgd rule{.learning_rate = 0.1f, .momentum = 0.8f, .weight_decay = 0.02f};
  float w[count], g[count], v[count]{};
  double exact_w[count], exact_v[count]{};
  for (std::size_t i = 0; i < count; ++i) {
    exact_w[i] = static_cast<double>(w[i] = static_cast<float>(i) / 8 - 2);
  }
  for (std::uint64_t step = 1; step <= 10; ++step) {
    for (std::size_t i = 0; i < count; ++i) {
      g[i] = static_cast<float>(exact_w[i]) - 3;
      exact_v[i] = 0.8 * exact_v[i] + (static_cast<double>(g[i]) + 0.02 * exact_w[i]);
      exact_w[i] -= 0.1 * exact_v[i];
    }
    ts::static_isa::evaluate(
        rule.rule(step, ts::expr::operand<0>{}, ts::expr::operand<1>{}, ts::expr::operand<2>{}),
        {g, w, v}, {w, v}, count);
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(w[i]) - exact_w[i]) < 4e-6);
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(v[i]) - exact_v[i]) < 1e-5);
    }
  }
}

BOOST_AUTO_TEST_CASE(adam_follows_its_formula) {
  const ts::adam rule{.learning_rate = 0.1f,
                      .beta1 = 0.8f,
                      .beta2 = 0.95f,
                      .epsilon = 1e-3f,
                      .weight_decay = 0.02f};
  float w[count], g[count], m[count]{}, v[count]{};
  double exact_w[count], exact_m[count]{}, exact_v[count]{};
  for (std::size_t i = 0; i < count; ++i) {
    exact_w[i] = static_cast<double>(w[i] = static_cast<float>(i) / 8 - 2);
  }
  for (std::uint64_t step = 1; step <= 10; ++step) {
    const auto t = static_cast<double>(step);
    for (std::size_t i = 0; i < count; ++i) {
      g[i] = static_cast<float>(exact_w[i]) - 3;
      const double decayed = static_cast<double>(g[i]) + 0.02 * exact_w[i];
      exact_m[i] = 0.8 * exact_m[i] + 0.2 * decayed;
      exact_v[i] = 0.95 * exact_v[i] + 0.05 * decayed * decayed;
      exact_w[i] -= 0.1 * (exact_m[i] / (1 - std::pow(0.8, t))) /
                    (std::sqrt(exact_v[i] / (1 - std::pow(0.95, t))) + 1e-3);
    }
    ts::static_isa::evaluate(rule.rule(step, ts::expr::operand<0>{}, ts::expr::operand<1>{},
                                       ts::expr::operand<2>{}, ts::expr::operand<3>{}),
                             {g, w, m, v}, {w, m, v}, count);
    for (std::size_t i = 0; i < count; ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(w[i]) - exact_w[i]) < 1e-5);
    }
  }
}

// The first step of Adam is the learning rate, whatever the gradient's size.
BOOST_AUTO_TEST_CASE(the_first_step_of_adam_is_the_learning_rate) {
  for (const float size : {1e-3f, 1.0f, 1e6f}) {
    float w = 5, g = size, m = 0, v = 0;
    ts::static_isa::evaluate(
        ts::adam{.learning_rate = 0.25f}.rule(1, ts::expr::operand<0>{}, ts::expr::operand<1>{},
                                              ts::expr::operand<2>{}, ts::expr::operand<3>{}),
        {&g, &w, &m, &v}, {&w, &m, &v}, 1);
    BOOST_TEST(w == 4.75f, boost::test_tools::tolerance(1e-5f));
  }
}

BOOST_AUTO_TEST_SUITE_END()
