// SPDX-License-Identifier: MIT
// Losses against PyTorch's recorded values and gradients, and in training.
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/gaussian_likelihood.hpp"
#include "tesela/optim/losses.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "recorded/recorded.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace ts = tesela;

constexpr std::size_t features = 5;
const recorded::values& torch() {
  static const recorded::values all("losses");
  return all;
}

// Rows of samples as blocks: [feature][lane].
std::vector<float> block_of(const std::vector<float>& rows, std::size_t first, std::size_t samples) {
  std::vector<float> block(features * ts::block_lanes, 0.0f);
  for (std::size_t i = 0; i < samples; ++i) {
    for (std::size_t f = 0; f < features; ++f) {
      block[f * ts::block_lanes + i] = rows[(first + i) * features + f];
    }
  }
  return block;
}

struct outcome {
  ts::loss_sum sum;
  std::vector<float> gradient;  // sample-major
};

// All samples, block by block, as the trainer does it. Unused lanes hold NaN before.
template <class Loss>
outcome run(const Loss& loss, const std::vector<float>& y, const std::vector<float>* t,
            const std::vector<std::int32_t>* labels, float scale) {
  outcome all;
  const std::size_t count = y.size() / features;
  for (std::size_t first = 0; first < count; first += ts::block_lanes) {
    const std::size_t samples = std::min(ts::block_lanes, count - first);
    std::vector<float> in = block_of(y, first, samples), out(in.size());
    for (std::size_t f = 0; f < features; ++f) {
      for (std::size_t lane = samples; lane < ts::block_lanes; ++lane) {
        in[f * ts::block_lanes + lane] = std::numeric_limits<float>::quiet_NaN();
      }
    }
    ts::block_targets targets;
    std::vector<float> values;
    if (t != nullptr) {
      values = block_of(*t, first, samples);
      targets.values = values.data();
    }
    if (labels != nullptr) targets.labels = labels->data() + first;
    const ts::loss_sum only = ts::loss_of_block<ts::static_isa, features>(
        loss, targets, in.data(), samples, scale, nullptr);
    const ts::loss_sum with = ts::loss_of_block<ts::static_isa, features>(
        loss, targets, in.data(), samples, scale, out.data());
    BOOST_TEST(only.loss == with.loss);
    BOOST_TEST(only.correct == with.correct);
    all.sum += with;
    for (std::size_t i = 0; i < samples; ++i) {
      for (std::size_t f = 0; f < features; ++f) {
        all.gradient.push_back(out[f * ts::block_lanes + i]);
      }
    }
    for (std::size_t f = 0; f < features; ++f) {
      for (std::size_t lane = samples; lane < ts::block_lanes; ++lane) {
        BOOST_TEST_REQUIRE(out[f * ts::block_lanes + lane] == 0.0f);
      }
    }
  }
  return all;
}

// Mean, sum and gradient of the mean. `per_sample` is how many numbers of PyTorch's sum one of ours is
// the mean of.
template <class Loss>
void check(const std::string& name, const Loss& loss, const std::vector<float>& y,
           const std::vector<float>* t, const std::vector<std::int32_t>* labels = nullptr,
           double per_sample = 1) {
  BOOST_TEST_CONTEXT(name) {
    const outcome weighed = run(loss, y, t, labels, 1);
    const auto scale = static_cast<float>(1 / weighed.sum.weight);
    const outcome found = run(loss, y, t, labels, scale);
    const double mean = torch().scalar(name + "/mean");
    BOOST_TEST(std::abs(found.sum.loss / found.sum.weight - mean) <= 2e-6 * (1 + std::abs(mean)),
               "mean " << found.sum.loss / found.sum.weight << " instead of " << mean);
    if (!name.starts_with("kl")) {
      const double sum = torch().scalar(name + "/sum");
      BOOST_TEST(std::abs(found.sum.loss * per_sample - sum) <= 2e-6 * (1 + std::abs(sum)),
                 "sum " << found.sum.loss * per_sample << " instead of " << sum);
    }
    const std::vector<float>& expected = torch()[name + "/gradient"];
    float largest = 0;
    for (const float g : expected) largest = std::max(largest, std::abs(g));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(found.gradient[i] - expected[i]) <= 2e-6f * largest,
                         "gradient of element " << i << " is " << found.gradient[i] << " instead of "
                                                << expected[i]);
    }
  }
}

std::vector<std::int32_t> labels() { return torch().labels<std::int32_t>("labels"); }

BOOST_AUTO_TEST_SUITE(losses)

BOOST_AUTO_TEST_CASE(of_real_targets_equal_pytorchs) {
  const auto &y = torch()["y"], &t = torch()["t"];
  check("mse", ts::mse, y, &t, nullptr, features);
  check("l1", ts::l1, y, &t, nullptr, features);
  check("huber", ts::huber{}, y, &t, nullptr, features);
  check("huber_2.5", ts::huber{.delta = 2.5f}, y, &t, nullptr, features);
  check("smooth_l1", ts::smooth_l1{}, y, &t, nullptr, features);
  check("smooth_l1_0.5", ts::smooth_l1{.beta = 0.5f}, y, &t, nullptr, features);
  check("half_squared_error", ts::half_squared_error, y, &t);
  check("minkowski_1.5", ts::minkowski{.q = 1.5f}, y, &t);
}

BOOST_AUTO_TEST_CASE(of_yes_and_no_equal_pytorchs) {
  const auto& hard = torch()["hard"];
  check("binary_cross_entropy", ts::binary_cross_entropy, torch()["p"], &hard, nullptr, features);
  check("binary_cross_entropy_with_logits", ts::binary_cross_entropy_with_logits, torch()["y"], &hard,
        nullptr, features);
}

BOOST_AUTO_TEST_CASE(of_wrong_certainties_equal_pytorchs) {
  const std::vector<float> yes(features, 1.0f), no(features, 0.0f);
  check("binary_cross_entropy_yes", ts::binary_cross_entropy, torch()["edges"], &yes, nullptr, features);
  check("binary_cross_entropy_no", ts::binary_cross_entropy, torch()["edges"], &no, nullptr, features);
}

BOOST_AUTO_TEST_CASE(of_classes_equal_pytorchs) {
  const auto &y = torch()["y"], &q = torch()["q"];
  const auto classes = labels();
  check("nll", ts::nll, y, nullptr, &classes);
  check("cross_entropy", ts::cross_entropy, y, nullptr, &classes);
  check("cross_entropy", ts::cross_entropy_formula, y, nullptr, &classes);
  check("cross_entropy_soft", ts::cross_entropy, y, &q);
  check("cross_entropy_smooth", ts::cross_entropy_loss{.label_smoothing = 0.1f, .class_weights = {}}, y,
        nullptr, &classes);
  check("cross_entropy_weighted",
        ts::cross_entropy_loss{.label_smoothing = 0, .class_weights = torch()["weights"]}, y, nullptr,
        &classes);
  check("cross_entropy_both",
        ts::cross_entropy_loss{.label_smoothing = 0.3f, .class_weights = torch()["weights"]}, y, nullptr,
        &classes);
}

BOOST_AUTO_TEST_CASE(between_distributions_equal_pytorchs) {
  const auto &y = torch()["y"], &q = torch()["q"];
  constexpr auto after_softmax = ts::loss<"kl_divergence_of_logits">(
      [](auto z, auto t) { return ts::kl_divergence(ts::log_softmax(z), t); });
  check("kl_divergence", after_softmax, y, &q);
  std::vector<float> log_q = q;
  for (float& p : log_q) p = std::log(std::max(p, 1e-3f));
  check("kl_of_log_probabilities", ts::kl_divergence, log_q, &q);
}

BOOST_AUTO_TEST_CASE(of_a_covariance_equal_pytorchs_normal_distribution) {
  std::array<float, features * features> covariance{};
  std::copy_n(torch()["covariance"].begin(), covariance.size(), covariance.begin());
  const auto& t = torch()["t"];
  check("gaussian_likelihood", ts::gaussian_likelihood<features>{covariance}, torch()["y"], &t);
  // S = I: half the squared error, and a constant.
  std::array<float, features * features> one{};
  for (std::size_t i = 0; i < features; ++i) one[i * features + i] = 1;
  const auto a = run(ts::gaussian_likelihood<features>{one}, torch()["y"], &t, nullptr, 1);
  const auto b = run(ts::half_squared_error, torch()["y"], &t, nullptr, 1);
  const double constant = features * std::log(2 * std::acos(-1.0)) / 2;
  BOOST_TEST(std::abs(a.sum.loss - b.sum.loss - constant * a.sum.weight) <= 1e-4);
}

BOOST_AUTO_TEST_CASE(count_what_is_right) {
  const auto classes = labels();
  const auto& y = torch()["y"];
  std::size_t correct = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const auto row = y.begin() + static_cast<std::ptrdiff_t>(i * features);
    correct += std::max_element(row, row + features) - row == classes[i] ? 1u : 0u;
  }
  BOOST_TEST(run(ts::cross_entropy, y, nullptr, &classes, 1).sum.correct == correct);
  BOOST_TEST(run(ts::mse, y, nullptr, &classes, 1).sum.correct == correct);
}

BOOST_AUTO_TEST_CASE(survive_extreme_logits) {
  std::vector<float> y{1e4f, -1e4f, 0, 88, -88};
  const std::vector<std::int32_t> label{1};
  const std::vector<float> hard{0, 1, 1, 0, 1};
  BOOST_TEST(std::abs(run(ts::cross_entropy_formula, y, nullptr, &label, 1).sum.loss - 2e4) <= 1e-2);
  const auto binary = run(ts::binary_cross_entropy_with_logits, y, &hard, nullptr, 1);
  BOOST_TEST(std::isfinite(binary.sum.loss));
  for (const float g : binary.gradient) BOOST_TEST(std::isfinite(g));
  // Probabilities of exactly 0 and 1, right and wrong.
  std::vector<float> p{0, 1, 0, 1, 0.5f};
  const auto certain = run(ts::binary_cross_entropy, p, &hard, nullptr, 1);
  BOOST_TEST(std::abs(certain.sum.loss - (0 + 0 + 100 + 100 + std::log(2.0)) / 5) <= 1e-4);
  for (const float g : certain.gradient) BOOST_TEST(std::isfinite(g));
}

BOOST_AUTO_TEST_CASE(say_which_setting_is_wrong) {
  const auto message = [](const auto& f) -> std::string {
    try {
      f();
    } catch (const ts::usage_error& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  BOOST_TEST(message([] { ts::huber{.delta = 0}.validate(1); }).starts_with(
      "huber: delta must be a positive number, not 0"));
  BOOST_TEST(message([] { ts::smooth_l1{.beta = -1}.validate(1); }).starts_with("smooth_l1: beta must"));
  BOOST_TEST(message([] { ts::minkowski{.q = NAN}.validate(1); }).starts_with("minkowski: q must"));
  BOOST_TEST(message([] {
               ts::cross_entropy_loss{.label_smoothing = 0, .class_weights = {1, 2}}.validate(3);
             }) == "cross_entropy: expected 3 class_weights, one a class, but got 2");
  BOOST_TEST(message([] {
               ts::cross_entropy_loss{.label_smoothing = 2, .class_weights = {}}.validate(3);
             }).starts_with("cross_entropy: label_smoothing must be between 0 and 1"));
  BOOST_TEST(message([] {
               ts::cross_entropy_loss{.label_smoothing = 0, .class_weights = {1, -1, 1}}.validate(3);
             }).starts_with("cross_entropy: class_weights must be 0 or positive numbers"));
  BOOST_TEST(message([] { ts::gaussian_likelihood<2>({1, 2, 2, 1}); }) ==
             "gaussian_likelihood: the covariance must be positive definite, but is not at row 1, "
             "column 1");
  BOOST_TEST(message([] { ts::gaussian_likelihood<2>({1, 0.5f, 0, 1}); }).starts_with(
      "gaussian_likelihood: the covariance must be symmetric"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
