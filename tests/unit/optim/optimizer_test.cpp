// SPDX-License-Identifier: MIT
// Optimisers: what they refuse by name and value, and their rules against the formulas in double.
#include "unit/data/message_of.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"

#include <boost/test/unit_test.hpp>

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
