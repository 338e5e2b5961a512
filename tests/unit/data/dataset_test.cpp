// SPDX-License-Identifier: MIT
// Datasets: what the views show, what they share, and which data are refused.
#include "tesela/data/dataset.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "message_of.hpp"

namespace {

using tesela::data_error;
using tesela::usage_error;
using tesela::data::dataset;

constexpr std::array<std::size_t, 3> extents = {2, 1, 3};
const std::vector<std::string> names = {"no", "yes", "perhaps"};

// Four samples of 2x1x3; feature f of sample i is 10 i + f.
dataset four_samples() {
  std::vector<std::uint8_t> values;
  for (int i = 0; i < 4; ++i) {
    for (int f = 0; f < 6; ++f) values.push_back(static_cast<std::uint8_t>(10 * i + f));
  }
  return dataset::from_bytes(extents, names, values, {2, 0, 2, 1});
}

std::vector<float> sample(const dataset& samples, std::size_t position) {
  std::vector<float> values(samples.features());
  samples.copy_sample(position, values);
  return values;
}

BOOST_AUTO_TEST_SUITE(datasets)

BOOST_AUTO_TEST_CASE(a_new_set_shows_every_sample_in_order_and_unchanged) {
  const dataset samples = four_samples();
  BOOST_TEST(samples.size() == 4U);
  BOOST_TEST((samples.extents() == extents));
  BOOST_TEST(samples.features() == 6U);
  BOOST_TEST(samples.classes() == 3U);
  BOOST_TEST((samples.class_names() == names));
  BOOST_TEST((samples.element_type() == tesela::element::u8));
  const std::vector<std::int32_t> labels = {2, 0, 2, 1};
  for (std::uint32_t i = 0; i < 4; ++i) {
    BOOST_TEST(samples.index(i) == i);
    BOOST_TEST(samples.indices()[i] == i);
    BOOST_TEST(samples.label(i) == labels[i]);
    const float first = 10 * static_cast<float>(i);
    BOOST_TEST((sample(samples, i) ==
                std::vector<float>{first, first + 1, first + 2, first + 3, first + 4, first + 5}));
  }
  BOOST_TEST((samples.per_class_counts() == std::vector<std::size_t>{1, 1, 2}));
}

BOOST_AUTO_TEST_CASE(floats_are_kept_as_they_are) {
  const float tiny = std::numeric_limits<float>::denorm_min();
  const dataset samples =
      dataset::from_floats({1, 1, 2}, names, {-1.5F, tiny, 3e38F, -0.0F}, {0, 1});
  BOOST_TEST((samples.element_type() == tesela::element::f32));
  BOOST_TEST((sample(samples, 0) == std::vector<float>{-1.5F, tiny}));
  BOOST_TEST((sample(samples, 1) == std::vector<float>{3e38F, 0.0F}));
}

BOOST_AUTO_TEST_CASE(the_source_is_the_whole_storage_by_storage_index) {
  const std::vector<std::uint32_t> positions = {3, 1};
  const dataset part = four_samples().subset(positions).normalized({2, 3}, {-1, 1});
  const tesela::sample_source source = part.source();
  BOOST_TEST((source.type == tesela::element::u8));
  BOOST_TEST(source.channels == 2U);
  BOOST_TEST(source.pixels == 3U);
  const auto* values = static_cast<const std::uint8_t*>(source.values);
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t f = 0; f < 6; ++f) BOOST_TEST(values[i * 6 + f] == 10 * i + f);
  }
  BOOST_TEST(source.labels[0] == 2);
  BOOST_TEST(source.labels[3] == 1);
  BOOST_TEST(source.scale[1] == 3.0F);
  BOOST_TEST(source.shift[1] == 1.0F);
}

BOOST_AUTO_TEST_CASE(the_storage_ends_with_zeros_that_a_gather_may_read) {
  const std::array<char, dataset::padding_bytes> zeros{};
  const dataset bytes = four_samples();
  const auto* behind_bytes = static_cast<const std::uint8_t*>(bytes.source().values) + 24;
  BOOST_TEST(std::memcmp(behind_bytes, zeros.data(), zeros.size()) == 0);
  const dataset floats = dataset::from_floats({1, 1, 1}, names, {1, 2, 3}, {0, 0, 0});
  const auto* behind_floats = static_cast<const float*>(floats.source().values) + 3;
  BOOST_TEST(std::memcmp(behind_floats, zeros.data(), zeros.size()) == 0);
}

BOOST_AUTO_TEST_CASE(values_with_room_for_the_padding_are_not_copied) {
  std::vector<std::uint8_t> values;
  values.reserve(24 + dataset::padding_bytes);
  values.resize(24);
  const void* before = values.data();
  const dataset samples = dataset::from_bytes(extents, names, std::move(values), {2, 0, 2, 1});
  BOOST_TEST(samples.source().values == before);
}

BOOST_AUTO_TEST_CASE(a_subset_selects_orders_and_repeats_without_copying_values) {
  const dataset whole = four_samples();
  const std::vector<std::uint32_t> positions = {3, 0, 3};
  const dataset part = whole.subset(positions);
  BOOST_TEST(part.size() == 3U);
  BOOST_TEST(part.index(0) == 3U);
  BOOST_TEST(part.label(0) == 1);
  BOOST_TEST(part.label(1) == 2);
  BOOST_TEST((sample(part, 2) == sample(whole, 3)));
  BOOST_TEST((part.per_class_counts() == std::vector<std::size_t>{0, 2, 1}));
  BOOST_TEST(part.source().values == whole.source().values);

  // Positions count in the view they are given to.
  const std::vector<std::uint32_t> second = {1};
  BOOST_TEST(part.subset(second).index(0) == 0U);
}

BOOST_AUTO_TEST_CASE(a_view_outlives_the_set_it_was_made_of) {
  const std::vector<std::uint32_t> positions = {2};
  const dataset part = [&] { return four_samples().subset(positions); }();
  BOOST_TEST(sample(part, 0)[5] == 25.0F);
}

BOOST_AUTO_TEST_CASE(a_normalisation_scales_and_shifts_each_channel_and_replaces_the_one_before) {
  const dataset once = four_samples().normalized({2, 0.5F}, {-1, 100});
  BOOST_TEST((sample(once, 1) == std::vector<float>{19, 21, 23, 106.5F, 107, 107.5F}));
  const dataset twice = once.normalized({1, 1}, {0, 0});
  BOOST_TEST((sample(twice, 1) == sample(four_samples(), 1)));
  BOOST_TEST(once.scale()[1] == 0.5F);
  BOOST_TEST(once.shift()[1] == 100.0F);

  const std::vector<std::uint32_t> positions = {1};
  BOOST_TEST((sample(once.subset(positions), 0) == sample(once, 1)));
}

BOOST_AUTO_TEST_CASE(two_numbers_normalise_all_channels) {
  const dataset all = four_samples().normalized(0.5, -1);
  const dataset each = four_samples().normalized({0.5F, 0.5F}, {-1, -1});
  BOOST_TEST((sample(all, 1) == sample(each, 1)));
  BOOST_TEST(all.shift()[1] == -1.0F);
}

BOOST_AUTO_TEST_CASE(data_that_contradict_themselves_are_refused) {
  const auto refusal = [](std::array<std::size_t, 3> size, std::vector<std::string> classes,
                          std::size_t values, std::vector<std::int32_t> labels) {
    const std::string floats = message_of<data_error>(
        [&] { dataset::from_floats(size, classes, std::vector<float>(values), labels); });
    const std::string bytes = message_of<data_error>(
        [&] { dataset::from_bytes(size, classes, std::vector<std::uint8_t>(values), labels); });
    BOOST_TEST(bytes == floats);
    return bytes;
  };
  BOOST_TEST(refusal({0, 1, 3}, names, 0, {0}) ==
             "dataset: extents 0x1x3 hold nothing, each must be at least 1");
  BOOST_TEST(refusal({1, 0, 3}, names, 0, {0}) ==
             "dataset: extents 1x0x3 hold nothing, each must be at least 1");
  BOOST_TEST(refusal({1, 1, 0}, names, 0, {0}) ==
             "dataset: extents 1x1x0 hold nothing, each must be at least 1");
  const std::size_t huge = std::size_t{1} << 32;
  BOOST_TEST(refusal({huge, huge, 1}, names, 0, {0}) ==
             "dataset: extents 4294967296x4294967296x1 exceed what memory can address");
  BOOST_TEST(refusal({huge / 4, huge / 4, 16}, names, 0, {0}) ==
             "dataset: extents 1073741824x1073741824x16 exceed what memory can address");
  BOOST_TEST(refusal(extents, names, 0, {}) ==
             "dataset: there are no samples, at least one is needed");
  BOOST_TEST(refusal(extents, names, 11, {0, 1}) ==
             "dataset: 2 labels need 2 samples of 2x1x3 = 6 values, but there are 11 values");
  BOOST_TEST(refusal(extents, names, 18, {0, 1}) ==
             "dataset: 2 labels need 2 samples of 2x1x3 = 6 values, but there are 18 values");
  BOOST_TEST(refusal(extents, {}, 6, {0}) ==
             "dataset: there are no class names, at least one is needed");
  BOOST_TEST(refusal(extents, names, 12, {0, 3}) ==
             "dataset: sample 1 has label 3, expected 0 to 2");
  BOOST_TEST(refusal(extents, names, 12, {-1, 0}) ==
             "dataset: sample 0 has label -1, expected 0 to 2");
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_are_refused) {
  const auto refusal = [](float value) {
    std::vector<float> values(12);
    values[8] = value;
    return message_of<data_error>([&] { dataset::from_floats(extents, names, values, {0, 1}); });
  };
  const float infinity = std::numeric_limits<float>::infinity();
  BOOST_TEST(refusal(infinity) == "dataset: sample 1 feature 2 is inf, but values must be finite");
  BOOST_TEST(refusal(-infinity) ==
             "dataset: sample 1 feature 2 is -inf, but values must be finite");
  BOOST_TEST(refusal(std::numeric_limits<float>::quiet_NaN()) ==
             "dataset: sample 1 feature 2 is nan, but values must be finite");
}

BOOST_AUTO_TEST_CASE(calls_that_do_not_fit_the_set_are_refused) {
  const dataset samples = four_samples();
  const std::string beyond = "dataset: sample 4 does not exist, the set has samples 0 to 3";
  std::vector<float> room(6);
  BOOST_TEST(message_of<usage_error>([&] { samples.index(4); }) == beyond);
  BOOST_TEST(message_of<usage_error>([&] { samples.label(4); }) == beyond);
  BOOST_TEST(message_of<usage_error>([&] { samples.copy_sample(4, room); }) == beyond);
  const std::vector<std::uint32_t> positions = {0, 4};
  BOOST_TEST(message_of<usage_error>([&] { samples.subset(positions); }) == beyond);
  BOOST_TEST(message_of<usage_error>([&] { samples.subset({}); }) ==
             "dataset: a subset needs at least one sample");
  room.resize(5);
  BOOST_TEST(message_of<usage_error>([&] { samples.copy_sample(0, room); }) ==
             "dataset: a sample has 6 features, but there is room for 5");
  BOOST_TEST(message_of<usage_error>([&] {
               samples.normalized({1}, {0, 0});
             }) ==
             "dataset: a normalisation of 2 channels needs as many factors and summands, "
             "not 1 and 2");
  BOOST_TEST(message_of<usage_error>([&] {
               samples.normalized({1, 1}, {0, 0, 0});
             }) ==
             "dataset: a normalisation of 2 channels needs as many factors and summands, "
             "not 2 and 3");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  BOOST_TEST(message_of<usage_error>([&] {
               samples.normalized({1, nan}, {0, 0});
             }) == "dataset: the normalisation of channel 1 must be finite, not value * nan + 0");
  BOOST_TEST(message_of<usage_error>([&] {
               samples.normalized({1, 1}, {nan, 0});
             }) == "dataset: the normalisation of channel 0 must be finite, not value * 1 + nan");
}

// Three samples of two values; targets 2, "price" and "rent".
const std::vector<float> prices = {1, 10, -2, 20, 3.5F, 30};
dataset three_prices() {
  return dataset::from_floats({2, 1, 1}, {0, 1, 2, 3, 4, 5}, {{"price", "rent"}, prices});
}

BOOST_AUTO_TEST_CASE(targets_stand_in_the_place_of_classes) {
  const dataset samples = three_prices();
  BOOST_TEST(samples.size() == 3U);
  BOOST_TEST(samples.target_count() == 2U);
  BOOST_TEST((samples.target_names() == std::vector<std::string>{"price", "rent"}));
  BOOST_TEST(samples.target(1)[0] == -2.0F);
  BOOST_TEST(samples.target(2)[1] == 30.0F);
  BOOST_TEST((sample(samples, 1) == std::vector<float>{2, 3}));
  BOOST_TEST(samples.classes() == 0U);
  BOOST_TEST(samples.class_names().empty());
  const tesela::sample_source source = samples.source();
  BOOST_TEST(source.labels == nullptr);
  BOOST_TEST(source.target_count == 2U);
  BOOST_TEST((std::vector<float>(source.targets, source.targets + 6) == prices));

  const dataset classified = four_samples();
  BOOST_TEST(classified.target_count() == 0U);
  BOOST_TEST(classified.target_names().empty());
  BOOST_TEST(classified.source().targets == nullptr);
  BOOST_TEST(classified.source().target_count == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_have_targets_like_floats) {
  std::vector<std::uint8_t> values;
  values.reserve(12 + dataset::padding_bytes);
  values.resize(12);
  const void* before = values.data();
  const dataset samples = dataset::from_bytes(extents, std::move(values), {{"sky"}, {0, 1}});
  BOOST_TEST(samples.source().values == before);
  BOOST_TEST(samples.size() == 2U);
  BOOST_TEST(samples.target(1)[0] == 1.0F);
}

BOOST_AUTO_TEST_CASE(targets_follow_their_samples_through_views) {
  const std::vector<std::uint32_t> positions = {2, 0, 2};
  const dataset part = three_prices().subset(positions).normalized({2, 2}, {1, 1});
  BOOST_TEST(part.target(0)[0] == 3.5F);
  BOOST_TEST(part.target(1)[1] == 10.0F);
  BOOST_TEST((sample(part, 1) == std::vector<float>{1, 3}));
  BOOST_TEST(part.source().targets[part.indices()[2] * 2] == 3.5F);
}

BOOST_AUTO_TEST_CASE(targets_that_do_not_fit_the_samples_are_refused) {
  const auto refusal = [](std::array<std::size_t, 3> size, std::size_t values,
                          const tesela::data::targets& wanted) {
    const std::string floats = message_of<data_error>(
        [&] { dataset::from_floats(size, std::vector<float>(values), wanted); });
    const std::string bytes = message_of<data_error>(
        [&] { dataset::from_bytes(size, std::vector<std::uint8_t>(values), wanted); });
    BOOST_TEST(bytes == floats);
    return bytes;
  };
  const std::vector<std::string> two = {"x", "y"};
  BOOST_TEST(refusal({0, 1, 3}, 0, {two, {}}) ==
             "dataset: extents 0x1x3 hold nothing, each must be at least 1");
  BOOST_TEST(refusal(extents, 0, {two, {}}) ==
             "dataset: there are no samples, at least one is needed");
  BOOST_TEST(refusal(extents, 11, {two, {1, 2}}) ==
             "dataset: samples of 2x1x3 = 6 values cannot be made of 11 values");
  BOOST_TEST(refusal(extents, 12, {{}, {}}) ==
             "dataset: there are no target names, at least one is needed");
  BOOST_TEST(refusal(extents, 12, {two, {1, 2, 3}}) ==
             "dataset: 2 samples need 2 targets each, 4 target values, but there are 3");
  BOOST_TEST(refusal(extents, 12, {two, {1, 2, 3, 4, 5, 6}}) ==
             "dataset: 2 samples need 2 targets each, 4 target values, but there are 6");
  BOOST_TEST(refusal(extents, 12, {two, {1, 2, 3, std::numeric_limits<float>::quiet_NaN()}}) ==
             "dataset: sample 1 target 1 is nan, but values must be finite");
  BOOST_TEST(message_of<data_error>([] {
               dataset::from_floats({1, 1, 2}, {0, std::numeric_limits<float>::infinity()},
                                    {{"x"}, {1}});
             }) == "dataset: sample 0 feature 1 is inf, but values must be finite");
}

BOOST_AUTO_TEST_CASE(classes_are_not_asked_of_targets_nor_targets_of_classes) {
  const std::string no_classes = "dataset: this set has targets, not classes";
  BOOST_TEST(message_of<usage_error>([] { three_prices().label(0); }) == no_classes);
  BOOST_TEST(message_of<usage_error>([] { three_prices().per_class_counts(); }) == no_classes);
  BOOST_TEST(message_of<usage_error>([] { four_samples().target(0); }) ==
             "dataset: this set has classes, not targets");
  BOOST_TEST(message_of<usage_error>([] { three_prices().target(3); }) ==
             "dataset: sample 3 does not exist, the set has samples 0 to 2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
