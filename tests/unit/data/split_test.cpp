// SPDX-License-Identifier: MIT
// Splits and epoch orders: complete, repeatable, and functions of the seed and the epoch alone.
#include "tesela/data/split.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "message_of.hpp"

namespace {

using tesela::seed;
using tesela::usage_error;
using tesela::data::dataset;
using tesela::data::split;

dataset numbered(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return dataset::from_floats({1, 1, 1}, {"only"}, values, std::vector<std::int32_t>(count));
}

std::vector<std::uint32_t> indices(const dataset& samples) {
  return {samples.indices().begin(), samples.indices().end()};
}

bool is_permutation_of_all(std::vector<std::uint32_t> values, std::size_t size) {
  std::sort(values.begin(), values.end());
  std::vector<std::uint32_t> all(size);
  std::iota(all.begin(), all.end(), 0U);
  return values == all;
}

BOOST_AUTO_TEST_SUITE(splits_and_orders)

BOOST_AUTO_TEST_CASE(a_split_puts_every_sample_into_exactly_one_part) {
  const dataset whole = numbered(1000);
  const auto [fit, validation] = split(whole, 0.9, seed{7});
  BOOST_TEST(fit.size() == 900U);
  BOOST_TEST(validation.size() == 100U);
  auto both = indices(fit);
  const auto others = indices(validation);
  BOOST_TEST(std::is_sorted(both.begin(), both.end()));
  BOOST_TEST(std::is_sorted(others.begin(), others.end()));
  both.insert(both.end(), others.begin(), others.end());
  BOOST_TEST(is_permutation_of_all(both, 1000));
  BOOST_TEST(fit.source().values == whole.source().values);
  // Not simply the last hundred: their mean index is 500 within five standard errors (29 each).
  const double mean = std::accumulate(others.begin(), others.end(), 0.0) / 100;
  BOOST_TEST(mean > 355.0);
  BOOST_TEST(mean < 645.0);
}

BOOST_AUTO_TEST_CASE(a_split_follows_from_the_seed) {
  const dataset whole = numbered(100);
  const auto once = indices(split(whole, 0.5, seed{7}).first);
  BOOST_TEST((once == indices(split(whole, 0.5, seed{7}).first)));
  BOOST_TEST((once != indices(split(whole, 0.5, seed{8}).first)));
}

BOOST_AUTO_TEST_CASE(a_split_of_a_view_stays_in_the_view_and_keeps_its_normalisation) {
  const std::vector<std::uint32_t> chosen = {9, 4, 7, 2};
  const dataset view = numbered(10).subset(chosen).normalized({2}, {1});
  const auto [first, second] = split(view, 0.5, seed{1});
  auto both = indices(first);
  const auto others = indices(second);
  both.insert(both.end(), others.begin(), others.end());
  std::sort(both.begin(), both.end());
  BOOST_TEST((both == std::vector<std::uint32_t>{2, 4, 7, 9}));
  std::vector<float> value(1);
  first.copy_sample(0, value);
  BOOST_TEST(value[0] == 2 * static_cast<float>(first.index(0)) + 1);
}

BOOST_AUTO_TEST_CASE(the_size_of_the_first_part_is_rounded) {
  const dataset whole = numbered(10);
  BOOST_TEST(split(whole, 0.14, seed{}).first.size() == 1U);
  BOOST_TEST(split(whole, 0.16, seed{}).first.size() == 2U);
  BOOST_TEST(split(whole, 0.94, seed{}).second.size() == 1U);
}

BOOST_AUTO_TEST_CASE(fractions_that_leave_a_part_empty_are_refused) {
  const auto refusal = [](std::size_t count, double fraction) {
    return message_of<usage_error>([&] { split(numbered(count), fraction, seed{7}); });
  };
  const std::string outside = "split: the fraction must lie between 0 and 1 (both excluded), not ";
  BOOST_TEST(refusal(10, 0) == outside + "0");
  BOOST_TEST(refusal(10, 1) == outside + "1");
  BOOST_TEST(refusal(10, -0.5) == outside + "-0.5");
  BOOST_TEST(refusal(10, 90) == outside + "90");
  BOOST_TEST(refusal(10, std::numeric_limits<double>::quiet_NaN()) == outside + "nan");
  BOOST_TEST(refusal(10, 0.01) ==
             "split: a fraction of 0.01 leaves 0 and 10 of 10 samples, but each part needs at "
             "least one");
  BOOST_TEST(refusal(1, 0.9) ==
             "split: a fraction of 0.9 leaves 1 and 0 of 1 samples, but each part needs at least "
             "one");
}

BOOST_AUTO_TEST_CASE(an_epoch_visits_every_sample_of_the_view_once) {
  const std::vector<std::uint32_t> chosen = {9, 4, 7, 2};
  std::vector<std::uint32_t> order;
  tesela::data::epoch_order(numbered(10).subset(chosen), seed{3}, 0, order);
  std::sort(order.begin(), order.end());
  BOOST_TEST((order == std::vector<std::uint32_t>{2, 4, 7, 9}));
  tesela::data::epoch_order(numbered(1), seed{3}, 0, order);
  BOOST_TEST((order == std::vector<std::uint32_t>{0}));
}

BOOST_AUTO_TEST_CASE(an_epoch_order_depends_on_seed_and_epoch_and_not_on_the_past) {
  const dataset samples = numbered(1000);
  std::vector<std::uint32_t> straight, resumed, other;
  for (std::uint64_t epoch = 0; epoch <= 7; ++epoch) {
    tesela::data::epoch_order(samples, seed{3}, epoch, straight);
  }
  BOOST_TEST(is_permutation_of_all(straight, 1000));
  tesela::data::epoch_order(samples, seed{3}, 7, resumed);
  BOOST_TEST((straight == resumed));
  tesela::data::epoch_order(samples, seed{3}, 6, other);
  BOOST_TEST((straight != other));
  tesela::data::epoch_order(samples, seed{4}, 7, other);
  BOOST_TEST((straight != other));
  tesela::data::epoch_order(samples, seed{3}, 7 + (std::uint64_t{1} << 32), other);
  BOOST_TEST((straight != other));
}

BOOST_AUTO_TEST_CASE(only_the_first_epoch_order_takes_memory) {
  const dataset samples = numbered(1000);
  std::vector<std::uint32_t> order;
  tesela::data::epoch_order(samples, seed{3}, 0, order);
  const void* before = order.data();
  tesela::data::epoch_order(samples, seed{3}, 1, order);
  BOOST_TEST(static_cast<const void*>(order.data()) == before);
}

BOOST_AUTO_TEST_CASE(targets_are_split_with_their_samples) {
  std::vector<float> values(50), doubled(50);
  for (std::size_t i = 0; i < 50; ++i) {
    values[i] = static_cast<float>(i);
    doubled[i] = 2 * values[i];
  }
  const auto whole = dataset::from_floats({1, 1, 1}, values, {{"double"}, doubled});
  const auto [fit, validation] = split(whole, 0.5, seed{7});
  for (const dataset& part : {fit, validation}) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      float value = 0;
      part.copy_sample(i, {&value, 1});
      BOOST_TEST(part.target(i)[0] == 2 * value);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
