// SPDX-License-Identifier: MIT
// Definitions of dataset.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tesela::data {

TESELA_INLINE dataset dataset::from_bytes(std::array<std::size_t, 3> extents,
                          std::vector<std::string> class_names, std::vector<std::uint8_t> values,
                          std::vector<std::int32_t> labels) {
  check(extents, class_names, values.size(), labels);
  return dataset(stored(std::move(values)), extents, std::move(class_names), std::move(labels));
}

TESELA_INLINE dataset dataset::from_floats(std::array<std::size_t, 3> extents,
                           std::vector<std::string> class_names, std::vector<float> values,
                           std::vector<std::int32_t> labels) {
  check(extents, class_names, values.size(), labels);
  check_finite(values, values.size() / labels.size(), "feature");
  return dataset(stored(std::move(values)), extents, std::move(class_names), std::move(labels));
}

TESELA_INLINE dataset dataset::from_bytes(std::array<std::size_t, 3> extents, std::vector<std::uint8_t> values,
                          targets wanted) {
  const std::size_t count = check(extents, values.size(), wanted);
  return dataset(stored(std::move(values)), extents, count, std::move(wanted));
}

TESELA_INLINE dataset dataset::from_floats(std::array<std::size_t, 3> extents, std::vector<float> values,
                           targets wanted) {
  const std::size_t count = check(extents, values.size(), wanted);
  check_finite(values, values.size() / count, "feature");
  return dataset(stored(std::move(values)), extents, count, std::move(wanted));
}

TESELA_INLINE std::vector<std::size_t> dataset::per_class_counts() const {
  must_have_classes();
  std::vector<std::size_t> counts(classes());
  for (const std::uint32_t i : indices_) ++counts[static_cast<std::size_t>(storage_->labels[i])];
  return counts;
}

TESELA_INLINE std::uint32_t dataset::index(std::size_t position) const {
  if (position >= size()) {
    throw usage_error(compose("dataset: sample {} does not exist, the set has samples 0 to {}",
                              position, size() - 1));
  }
  return indices_[position];
}
TESELA_INLINE std::int32_t dataset::label(std::size_t position) const {
  must_have_classes();
  return storage_->labels[index(position)];
}

TESELA_INLINE std::span<const float> dataset::target(std::size_t position) const {
  if (target_count() == 0) throw usage_error("dataset: this set has classes, not targets");
  return std::span(storage_->wanted.values)
      .subspan(std::size_t{index(position)} * target_count(), target_count());
}

TESELA_INLINE sample_source dataset::source() const {
  const void* values = storage_->type == element::u8
                           ? static_cast<const void*>(storage_->bytes.data())
                           : static_cast<const void*>(storage_->floats.data());
  const bool classified = target_count() == 0;
  return {values,
          storage_->type,
          channels(),
          pixels(),
          scale_.data(),
          shift_.data(),
          classified ? storage_->labels.data() : nullptr,
          classified ? nullptr : storage_->wanted.values.data(),
          target_count()};
}

TESELA_INLINE void dataset::copy_sample(std::size_t position, std::span<float> into) const {
  const std::size_t first = std::size_t{index(position)} * features();
  if (into.size() != features()) {
    throw usage_error(compose("dataset: a sample has {} features, but there is room for {}",
                              features(), into.size()));
  }
  for (std::size_t feature = 0; feature < into.size(); ++feature) {
    const std::size_t channel = feature / pixels();
    const float stored = storage_->type == element::u8
                             ? static_cast<float>(storage_->bytes[first + feature])
                             : storage_->floats[first + feature];
    into[feature] = stored * scale_[channel] + shift_[channel];
  }
}

TESELA_INLINE dataset dataset::subset(std::span<const std::uint32_t> positions) const {
  if (positions.empty()) throw usage_error("dataset: a subset needs at least one sample");
  dataset result(storage_, {}, scale_, shift_);
  result.indices_.reserve(positions.size());
  for (const std::uint32_t position : positions) result.indices_.push_back(index(position));
  return result;
}

TESELA_INLINE dataset dataset::normalized(std::vector<float> scale, std::vector<float> shift) const {
  if (scale.size() != channels() || shift.size() != channels()) {
    throw usage_error(
        compose("dataset: a normalisation of {} channels needs as many factors and summands, "
                "not {} and {}",
                channels(), scale.size(), shift.size()));
  }
  for (std::size_t c = 0; c < channels(); ++c) {
    if (!std::isfinite(scale[c]) || !std::isfinite(shift[c])) {
      throw usage_error(
          compose("dataset: the normalisation of channel {} must be finite, not value * {} + {}",
                  c, scale[c], shift[c]));
    }
  }
  return dataset(storage_, indices_, std::move(scale), std::move(shift));
}

TESELA_INLINE dataset::dataset(std::shared_ptr<storage> owned, std::array<std::size_t, 3> extents,
        std::vector<std::string> class_names, std::vector<std::int32_t> labels)
    : dataset(owned, extents, labels.size(), targets{}) {
  owned->class_names = std::move(class_names);
  owned->labels = std::move(labels);
}

TESELA_INLINE dataset::dataset(std::shared_ptr<storage> owned, std::array<std::size_t, 3> extents, std::size_t count,
        targets wanted)
    : storage_(owned), indices_(count), scale_(extents[0], 1.0F), shift_(extents[0], 0.0F) {
  owned->extents = extents;
  owned->wanted = std::move(wanted);
  std::iota(indices_.begin(), indices_.end(), std::uint32_t{0});
}

TESELA_INLINE dataset::dataset(std::shared_ptr<const storage> shared, std::vector<std::uint32_t> indices,
        std::vector<float> scale, std::vector<float> shift)
    : storage_(std::move(shared)),
      indices_(std::move(indices)),
      scale_(std::move(scale)),
      shift_(std::move(shift)) {}

TESELA_INLINE void dataset::must_have_classes() const {
  if (target_count() != 0) throw usage_error("dataset: this set has targets, not classes");
}

TESELA_INLINE void dataset::check(const std::array<std::size_t, 3>& extents,
                  const std::vector<std::string>& class_names, std::size_t values,
                  const std::vector<std::int32_t>& labels) {
  const std::size_t features = check_extents(extents);
  check_count(labels.size());
  if (values % features != 0 || values / features != labels.size()) {
    throw data_error(compose(
        "dataset: {} labels need {} samples of {}x{}x{} = {} values, but there are {} values",
        labels.size(), labels.size(), extents[0], extents[1], extents[2], features, values));
  }
  if (class_names.empty()) {
    throw data_error("dataset: there are no class names, at least one is needed");
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= class_names.size()) {
      throw data_error(compose("dataset: sample {} has label {}, expected 0 to {}", i, labels[i],
                               class_names.size() - 1));
    }
  }
}

TESELA_INLINE std::size_t dataset::check(const std::array<std::size_t, 3>& extents, std::size_t values,
                         const targets& wanted) {
  const std::size_t features = check_extents(extents), count = values / features;
  if (values % features != 0) {
    throw data_error(
        compose("dataset: samples of {}x{}x{} = {} values cannot be made of {} values",
                extents[0], extents[1], extents[2], features, values));
  }
  check_count(count);
  const std::size_t names = wanted.names.size();
  if (names == 0) throw data_error("dataset: there are no target names, at least one is needed");
  if (wanted.values.size() % names != 0 || wanted.values.size() / names != count) {
    throw data_error(
        compose("dataset: {} samples need {} targets each, {} target values, but there are {}",
                count, names, count * names, wanted.values.size()));
  }
  check_finite(wanted.values, names, "target");
  return count;
}

TESELA_INLINE std::size_t dataset::check_extents(const std::array<std::size_t, 3>& extents) {
  const auto [c, h, w] = extents;
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max() / sizeof(float);
  if (c == 0 || h == 0 || w == 0) {
    throw data_error(
        compose("dataset: extents {}x{}x{} hold nothing, each must be at least 1", c, h, w));
  }
  if (c > most / h || c * h > most / w) {
    throw data_error(
        compose("dataset: extents {}x{}x{} exceed what memory can address", c, h, w));
  }
  return c * h * w;
}

TESELA_INLINE void dataset::check_count(std::size_t samples) {
  if (samples == 0) {
    throw data_error("dataset: there are no samples, at least one is needed");
  }
  if (samples > std::numeric_limits<std::uint32_t>::max()) {
    throw data_error(
        compose("dataset: {} samples are too many, at most 4294967295 fit", samples));
  }
}

TESELA_INLINE void dataset::check_finite(const std::vector<float>& values, std::size_t width, const char* what) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw data_error(compose("dataset: sample {} {} {} is {}, but values must be finite",
                               i / width, what, i % width, values[i]));
    }
  }
}

TESELA_INLINE std::shared_ptr<dataset::storage> dataset::stored(std::vector<std::uint8_t>&& bytes) {
  auto owned = std::make_shared<storage>();
  owned->bytes = padded(std::move(bytes));
  return owned;
}
TESELA_INLINE std::shared_ptr<dataset::storage> dataset::stored(std::vector<float>&& floats) {
  auto owned = std::make_shared<storage>();
  owned->floats = padded(std::move(floats));
  owned->type = element::f32;
  return owned;
}

// reserve() first, since resize() alone may double the memory.
template <class Value>
std::vector<Value> dataset::padded(std::vector<Value>&& values) {
  const std::size_t size = values.size() + padding_bytes / sizeof(Value);
  values.reserve(size);
  values.resize(size);
  return std::move(values);
}

}  // namespace tesela::data
