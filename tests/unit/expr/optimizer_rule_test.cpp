// SPDX-License-Identifier: MIT
// Optimisers' rules as expressions over double, step by step against their formulas in plain C++.
#include "tesela/expr/expression.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstdint>

namespace {

namespace expr = tesela::expr;
using tesela::reference::evaluate;

constexpr expr::operand<0> g;
constexpr expr::operand<1> w;
constexpr expr::operand<2> s;
constexpr expr::operand<3> t;

// A gradient that changes sign and size.
double gradient(int step) { return std::sin(1.7 * step) * std::exp(-0.3 * step) + 0.01; }

BOOST_AUTO_TEST_SUITE(optimizer_rules)

BOOST_AUTO_TEST_CASE(sgd_with_momentum_and_decay_follows_pytorchs_formula) {
  // Settings that float holds exactly, so that the rule over double has no rounded constants.
  for (const float momentum : {0.0f, 0.5f, 0.875f}) {
    for (const float decay : {0.0f, 0.03125f}) {
      const tesela::sgd rule{.learning_rate = 0.125f, .momentum = momentum, .weight_decay = decay};
      double weight = 0.7, velocity = 0, by_hand = 0.7, velocity_by_hand = 0;
      for (int step = 1; step <= 20; ++step) {
        const auto next = evaluate(rule.rule(static_cast<std::uint64_t>(step), g, w, s),
                                   std::array{gradient(step), weight, velocity});
        weight = next[0];
        velocity = next[1];
        velocity_by_hand = double{momentum} * velocity_by_hand + gradient(step) +
                           double{decay} * by_hand;
        by_hand -= 0.125 * velocity_by_hand;
        BOOST_TEST(std::abs(weight - by_hand) <= 1e-15, "step " << step);
        BOOST_TEST(std::abs(velocity - velocity_by_hand) <= 1e-14, "step " << step);
      }
      BOOST_TEST(weight != 0.7);
    }
  }
}

BOOST_AUTO_TEST_CASE(adam_follows_its_paper_with_l2_decay_like_pytorch) {
  for (const float decay : {0.0f, 0.03125f}) {
    const tesela::adam rule{.learning_rate = 0.0078125f,
                            .beta1 = 0.875f,
                            .beta2 = 0.984375f,
                            .epsilon = 0x1p-20f,
                            .weight_decay = decay};
    double weight = -0.4, mean = 0, square = 0;
    double by_hand = -0.4, m = 0, v = 0;
    for (int step = 1; step <= 40; ++step) {
      const auto next = evaluate(rule.rule(static_cast<std::uint64_t>(step), g, w, s, t),
                                 std::array{gradient(step), weight, mean, square});
      weight = next[0];
      mean = next[1];
      square = next[2];
      const double decayed = gradient(step) + double{decay} * by_hand;
      m = 0.875 * m + 0.125 * decayed;
      v = 0.984375 * v + 0.015625 * decayed * decayed;
      const double m_hat = m / (1 - std::pow(0.875, step)), v_hat = v / (1 - std::pow(0.984375, step));
      by_hand -= 0.0078125 * m_hat / (std::sqrt(v_hat) + 0x1p-20);
      // The two corrections, and their product with the rate, are floats: three half units a step.
      BOOST_TEST(std::abs(weight - by_hand) <= 40 * 0.0078125 * 4 * 0x1p-24, "step " << step);
      BOOST_TEST(std::abs(mean - m) <= 1e-7);
      BOOST_TEST(std::abs(square - v) <= 1e-7);
    }
    BOOST_TEST(std::abs(weight + 0.4) > 0.01);
  }
}

BOOST_AUTO_TEST_CASE(adams_first_step_is_the_learning_rate_towards_the_minimum) {
  const tesela::adam rule{.learning_rate = 0.5f};
  for (const double slope : {-3.0, 1e-3, 40.0}) {
    const auto next = evaluate(rule.rule(1, g, w, s, t), std::array{slope, 1.0, 0.0, 0.0});
    BOOST_TEST(std::abs(next[0] - (1 - std::copysign(0.5, slope))) <= 1e-4);
  }
}

BOOST_AUTO_TEST_CASE(adams_corrections_vanish_after_a_long_time) {
  // By then beta^t is 0 in double; without doubles in between it would be long before.
  const tesela::adam rule{.learning_rate = 1.0f, .epsilon = 1e-30f};
  const auto next = evaluate(rule.rule(10'000'000, g, w, s, t), std::array{2.0, 0.0, 2.0, 4.0});
  BOOST_TEST(std::abs(next[0] + 1) <= 1e-6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
