// SPDX-License-Identifier: MIT
// Softmax and cross-entropy on every instruction set: moderate, huge and non-finite logits.
#include "guarded.hpp"
#include "targets.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

using labels_type = std::array<std::int32_t, block_lanes>;

// [class][lane], lanes from `samples` on hold NaN and a label that means nothing.
struct example {
  example(std::size_t classes_, std::size_t samples_, float spread_)
      : classes(classes_), samples(samples_), logits(classes * block_lanes, nan) {
    const random_stream random{seed{8}, static_cast<std::uint32_t>(classes),
                               static_cast<std::uint32_t>(samples)};
    labels.fill(-7);
    for (std::size_t i = 0; i < samples; ++i) {
      labels[i] = static_cast<std::int32_t>(i % classes);
      for (std::size_t c = 0; c < classes; ++c) {
        logits[c * block_lanes + i] = spread_ * random.uniform(i * classes + c, -1, 1);
      }
    }
  }
  std::vector<double> of(std::size_t sample) const {
    std::vector<double> z(classes);
    for (std::size_t c = 0; c < classes; ++c) z[c] = logits[c * block_lanes + sample];
    return z;
  }

  std::size_t classes, samples;
  std::vector<float> logits;
  labels_type labels{};
};

// Loss, number of right answers and gradient against the reference in double.
void check(const kernels& k, const example& e, float scale) {
  double loss = 0, loss_bound = 0;
  std::size_t correct = 0;
  std::vector<double> gradient(e.logits.size()), bounds(e.logits.size());
  for (std::size_t i = 0; i < e.samples; ++i) {
    const std::vector<double> z = e.of(i);
    const auto label = static_cast<std::size_t>(e.labels[i]);
    const double one = reference::cross_entropy<double>(z, label);
    loss += one;
    const auto top = std::max_element(z.begin(), z.end());
    correct += static_cast<std::size_t>(top - z.begin()) == label ? 1u : 0u;
    // log(total) + (m - z) rounds each summand, the logarithm and the total of `classes` exponentials.
    loss_bound += 0x1p-24 * (4 * (one + std::log(static_cast<double>(e.classes))) +
                             static_cast<double>(e.classes) + 4);
    double total = 0;
    for (const double v : z) total += std::exp(v - *top);
    for (std::size_t c = 0; c < e.classes; ++c) {
      const double p = std::exp(z[c] - *top) / total;
      const std::size_t at = c * block_lanes + i;
      gradient[at] = (p - (c == label ? 1 : 0)) * double{scale};
      // An exponential is exact to 2 units of itself, and of its rounded exponent.
      bounds[at] = double{scale} * 0x1p-24 *
                   (p * (static_cast<double>(e.classes) + 8 + std::abs(z[c] - *top)) + 2);
    }
  }
  guarded<float> dlogits(e.logits.size());
  const guarded<float> logits(e.logits);
  const loss_sum found = k.softmax_cross_entropy(e.classes, logits.data(), e.labels.data(), e.samples,
                                                 scale, dlogits.data());
  const loss_sum without = k.softmax_cross_entropy(e.classes, logits.data(), e.labels.data(),
                                                   e.samples, scale, nullptr);
  BOOST_TEST(std::abs(found.loss - loss) <= loss_bound,
             "loss " << found.loss << " instead of " << loss << ", allowed " << loss_bound);
  BOOST_TEST(found.correct == correct);
  BOOST_TEST((without.loss == found.loss && without.correct == correct));
  BOOST_TEST(dlogits.intact());
  check_close(dlogits.values(), gradient, bounds, "gradient");  // zero where no sample is: bound 0
}

BOOST_AUTO_TEST_SUITE(cross_entropy_kernels)

BOOST_AUTO_TEST_CASE(every_number_of_samples_of_a_block_is_right) {
  for (std::size_t samples = 1; samples <= block_lanes; ++samples) {
    for (const std::size_t classes : {1u, 2u, 10u}) {
      const example e(classes, samples, 4.0f);
      for (const kernels& k : every_target()) {
        BOOST_TEST_CONTEXT(k.name << ", samples " << samples << ", classes " << classes) {
          check(k, e, 1.0f / static_cast<float>(samples));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(any_class_may_be_the_label) {
  // 40 classes, 32 samples: the labels are 0 to 31, then the others.
  for (const std::size_t shift : {0u, 8u}) {
    example e(40, 32, 3.0f);
    for (std::int32_t& label : e.labels) label += static_cast<std::int32_t>(shift);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) check(k, e, 0.5f);
  }
}

BOOST_AUTO_TEST_CASE(huge_logits_do_not_overflow) {
  for (const float spread : {1e2f, 1e4f, 1e30f}) {
    const example e(7, 19, spread);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name << ", " << spread) check(k, e, 1.0f);
  }
  // Right, wrong, and all alike, at both ends.
  example e(3, 4, 0.0f);
  const float columns[4][3] = {{1e4f, -1e4f, 0}, {1e4f, -1e4f, 0}, {1e4f, 1e4f, 1e4f},
                               {-1e4f, -1e4f, -1e4f}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t c = 0; c < 3; ++c) e.logits[c * block_lanes + i] = columns[i][c];
  }
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) check(k, e, 1.0f);
}

BOOST_AUTO_TEST_CASE(one_class_costs_nothing) {
  const example e(1, 5, 100.0f);
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    guarded<float> gradient(block_lanes);
    const loss_sum sum = k.softmax_cross_entropy(1, e.logits.data(), e.labels.data(), 5, 1.0f,
                                                 gradient.data());
    BOOST_TEST(sum.loss == 0.0);
    BOOST_TEST(sum.correct == 5u);
    check_equal(gradient.values(), std::vector<float>(block_lanes, 0.0f), "gradient");
  }
}

BOOST_AUTO_TEST_CASE(of_equal_logits_the_first_is_the_answer) {
  example e(4, 4, 0.0f);  // all zero, labels 0 to 3
  for (std::size_t i = 0; i < e.logits.size(); ++i) {
    if (e.logits[i] == e.logits[i]) e.logits[i] = 2.0f;
  }
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    BOOST_TEST(k.softmax_cross_entropy(4, e.logits.data(), e.labels.data(), 4, 1.0f, nullptr).correct ==
               1u);
  }
}

// One special logit, in the first, a middle or the last class, on a label or not: a loss that is not a
// number must not be hidden, or training goes on with broken weights.
BOOST_AUTO_TEST_CASE(logits_that_are_not_finite_show_in_the_loss) {
  constexpr std::size_t classes = 5;
  for (const float special : {nan, inf, -inf}) {
    for (const std::size_t where : {0u, 2u, 4u}) {
      for (std::int32_t label = 0; label < 5; ++label) {
        for (const std::size_t sample : {0u, 7u, 18u}) {
          example e(classes, 19, 2.0f);
          e.logits[where * block_lanes + sample] = special;
          e.labels[sample] = label;
          // PyTorch: NaN and +inf make the loss NaN or infinite; -inf is probability 0.
          const bool finite = special == -inf && where != static_cast<std::size_t>(label);
          for (const kernels& k : every_target()) {
            BOOST_TEST_CONTEXT(k.name << ", logit " << where << " of sample " << sample << " is "
                                      << special << ", label " << label) {
              const double loss =
                  k.softmax_cross_entropy(classes, e.logits.data(), e.labels.data(), 19, 1.0f, nullptr)
                      .loss;
              BOOST_TEST(std::isfinite(loss) == finite);
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(minus_infinity_is_probability_zero) {
  example e(5, 32, 2.0f);
  for (std::size_t i = 0; i < 32; ++i) {
    e.logits[(static_cast<std::size_t>(e.labels[i]) + 1) % 5 * block_lanes + i] = -inf;
  }
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    guarded<float> gradient(e.logits.size());
    const loss_sum sum = k.softmax_cross_entropy(5, e.logits.data(), e.labels.data(), 32, 1.0f,
                                                 gradient.data());
    BOOST_TEST(std::isfinite(sum.loss));
    for (std::size_t i = 0; i < e.logits.size(); ++i) {
      BOOST_TEST_REQUIRE(std::isfinite(gradient[i]));
      if (e.logits[i] == -inf) BOOST_TEST_REQUIRE(gradient[i] == 0.0f);
    }
  }
}

// Labels or amounts, with and without weights and smoothing, against the formula in double.
BOOST_AUTO_TEST_CASE(several_classes_may_be_wanted_of_a_sample) {
  for (const std::size_t samples : {1u, 5u, 16u, 27u, 32u}) {
    const std::size_t classes = 6;
    const example e(classes, samples, 4.0f);
    const random_stream random{seed{9}, static_cast<std::uint32_t>(samples)};
    std::vector<float> amounts(classes * block_lanes, nan), weights(classes);
    for (std::size_t i = 0; i < samples; ++i) {
      for (std::size_t c = 0; c < classes; ++c) {
        amounts[c * block_lanes + i] = random.uniform(i * classes + c, 0, 1);
      }
    }
    for (std::size_t c = 0; c < classes; ++c) weights[c] = static_cast<float>(c) / 2;
    for (const float* given : std::array<const float*, 2>{nullptr, amounts.data()}) {
      for (const float* per_class : std::array<const float*, 2>{nullptr, weights.data()}) {
        for (const float smoothing : {0.0f, 0.25f}) {
          double loss = 0;
          std::vector<double> gradient(e.logits.size()), bounds(e.logits.size());
          for (std::size_t i = 0; i < samples; ++i) {
            const std::vector<double> z = e.of(i);
            double total = 0, all = 0;
            for (const double v : z) total += std::exp(v);
            std::vector<double> a(classes);
            for (std::size_t c = 0; c < classes; ++c) {
              const double t = given != nullptr ? double{given[c * block_lanes + i]}
                               : static_cast<std::size_t>(e.labels[i]) == c ? 1.0
                                                                            : 0.0;
              a[c] =
                  (per_class == nullptr ? 1.0 : double{per_class[c]}) *
                  ((1 - double{smoothing}) * t + double{smoothing} / static_cast<double>(classes));
              all += a[c];
              loss -= a[c] * (z[c] - std::log(total));
            }
            for (std::size_t c = 0; c < classes; ++c) {
              gradient[c * block_lanes + i] = 0.5 * (std::exp(z[c]) / total * all - a[c]);
              bounds[c * block_lanes + i] = 0x1p-20 * (1 + all);
            }
          }
          for (const kernels& k : every_target()) {
            BOOST_TEST_CONTEXT(k.name << ", samples " << samples << ", smoothing " << smoothing) {
              guarded<float> found(e.logits.size());
              const class_targets wanted{e.labels.data(), given, per_class, smoothing};
              const loss_sum sum = k.soft_cross_entropy(classes, e.logits.data(), wanted, samples,
                                                        0.5f, found.data());
              const loss_sum without =
                  k.soft_cross_entropy(classes, e.logits.data(), wanted, samples, 0.5f, nullptr);
              BOOST_TEST(std::abs(sum.loss - loss) <= 0x1p-19 * (1 + std::abs(loss)));
              BOOST_TEST(without.loss == sum.loss);
              BOOST_TEST(found.intact());
              check_close(found.values(), gradient, bounds, "gradient");
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_impossible_class_that_is_not_wanted_costs_nothing) {
  for (const float special : {nan, inf, -inf}) {
    example e(5, 19, 2.0f);
    e.logits[3 * block_lanes + 7] = special;  // the label is 2
    const std::vector<float> weights(5, 2.0f);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name << ", " << special) {
        const class_targets wanted{.labels = e.labels.data(), .weights = weights.data()};
        BOOST_TEST(std::isfinite(
                       k.soft_cross_entropy(5, e.logits.data(), wanted, 19, 1.0f, nullptr).loss) ==
                   (special == -inf));
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
