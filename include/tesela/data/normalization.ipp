// SPDX-License-Identifier: MIT
// Definitions of normalization.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/normalization.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tesela::data {

TESELA_INLINE dataset detail::fitted_normalization::operator()(const dataset& samples) const {
  if (samples.extents()[0] != statistics_.size()) {
    throw usage_error(compose("normalisation: fitted on {} channels, but this set has {}",
                              statistics_.size(), samples.extents()[0]));
  }
  if (samples.element_type() != type_) {
    constexpr const char* name[] = {"bytes", "floats"};
    throw usage_error(compose("normalisation: fitted on {}, but this set holds {}",
                              name[static_cast<int>(type_)],
                              name[static_cast<int>(samples.element_type())]));
  }
  return samples.normalized(scale_, shift_);
}

TESELA_INLINE detail::fitted_normalization::fitted_normalization(const dataset& samples)
    : type_(samples.element_type()), statistics_(statistics(samples)) {}

TESELA_INLINE void detail::fitted_normalization::add_channel(double scale, double shift) {
  const auto factor = static_cast<float>(scale), summand = static_cast<float>(shift);
  if (!std::isfinite(factor) || !std::isfinite(summand)) {
    const channel_statistics& s = statistics_[scale_.size()];
    throw data_error(
        compose("normalisation: channel {} spans {} to {}, which a float factor cannot normalise",
                scale_.size(), s.least, s.greatest));
  }
  scale_.push_back(factor);
  shift_.push_back(summand);
}

TESELA_INLINE z_score::z_score(const dataset& samples) : fitted_normalization(samples) {
  for (const channel_statistics& s : fitted_on()) {
    const double scale = s.deviation == 0 ? 1.0 : 1.0 / s.deviation;
    add_channel(scale, -s.mean * scale);
  }
}

TESELA_INLINE min_max min_max::fit(const dataset& samples, double low, double high) {
  return min_max(samples, low, high);
}

TESELA_INLINE min_max::min_max(const dataset& samples, double low, double high) : fitted_normalization(samples) {
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high)) {
    throw usage_error(
        compose("min_max: the range must be finite and rise, not {} to {}", low, high));
  }
  for (const channel_statistics& s : fitted_on()) {
    const double width = double{s.greatest} - double{s.least};
    const double scale = width == 0 ? 1.0 : (high - low) / width;
    add_channel(scale, low - double{s.least} * scale);
  }
}

namespace detail {

inline dataset rescaled_bytes(const dataset& samples, const char* range, float scale, float shift) {
  if (samples.element_type() != element::u8) {
    throw usage_error(compose(
        "normalisation: {} is defined for bytes, but this set holds floats: use min_max or z_score",
        range));
  }
  const std::size_t channels = samples.extents()[0];
  return samples.normalized(std::vector<float>(channels, scale),
                            std::vector<float>(channels, shift));
}

// Bytes are counted by value first, so that their sums have 256 terms and no order.
inline channel_statistics byte_statistics(const dataset& samples, std::size_t channel) {
  const sample_source source = samples.source();
  const auto* values = static_cast<const std::uint8_t*>(source.values);
  std::array<std::uint64_t, 256> count{};
  for (const std::uint32_t index : samples.indices()) {
    const std::uint8_t* first = values + (index * source.channels + channel) * source.pixels;
    for (std::size_t pixel = 0; pixel < source.pixels; ++pixel) ++count[first[pixel]];
  }
  const double total = static_cast<double>(samples.size()) * static_cast<double>(source.pixels);
  double sum = 0, squares = 0;
  int least = 255, greatest = 0;
  for (int value = 0; value < 256; ++value) {
    const std::uint64_t occurrences = count[static_cast<std::size_t>(value)];
    if (occurrences == 0) continue;
    least = std::min(least, value);
    greatest = value;
    sum += value * static_cast<double>(occurrences);
  }
  const double mean = sum / total;
  for (int value = least; value <= greatest; ++value) {
    const auto occurrences = static_cast<double>(count[static_cast<std::size_t>(value)]);
    squares += occurrences * (value - mean) * (value - mean);
  }
  return {static_cast<float>(least), static_cast<float>(greatest), mean,
          std::sqrt(squares / total)};
}

inline channel_statistics float_statistics(const dataset& samples, std::size_t channel) {
  const sample_source source = samples.source();
  const auto* values = static_cast<const float*>(source.values);
  const auto for_each = [&](auto&& f) {
    for (const std::uint32_t index : samples.indices()) {
      const float* first = values + (index * source.channels + channel) * source.pixels;
      for (std::size_t pixel = 0; pixel < source.pixels; ++pixel) f(first[pixel]);
    }
  };
  const std::size_t start = samples.index(0) * source.channels + channel;
  const float any = values[start * source.pixels];
  channel_statistics result{any, any, 0, 0};
  double sum = 0, squares = 0;
  for_each([&](float value) {
    result.least = std::min(result.least, value);
    result.greatest = std::max(result.greatest, value);
    sum += double{value};
  });
  if (result.least == result.greatest) {  // sums of more than 2^29 values are rounded
    result.mean = double{result.least};
    return result;
  }
  const double total = static_cast<double>(samples.size()) * static_cast<double>(source.pixels);
  result.mean = sum / total;
  for_each([&](float value) {
    const double distance = double{value} - result.mean;
    squares += distance * distance;
  });
  result.deviation = std::sqrt(squares / total);
  return result;
}

}  // namespace detail

TESELA_INLINE std::vector<channel_statistics> statistics(const dataset& samples) {
  std::vector<channel_statistics> result;
  for (std::size_t channel = 0; channel < samples.extents()[0]; ++channel) {
    result.push_back(samples.element_type() == element::u8
                         ? detail::byte_statistics(samples, channel)
                         : detail::float_statistics(samples, channel));
  }
  return result;
}

TESELA_INLINE dataset normalize_minus_one_to_one(const dataset& samples) {
  return detail::rescaled_bytes(samples, "[-1, 1]", 1.0F / 127.5F, -1.0F);
}

TESELA_INLINE dataset normalize_zero_to_one(const dataset& samples) {
  return detail::rescaled_bytes(samples, "[0, 1]", 1.0F / 255.0F, 0.0F);
}

}  // namespace tesela::data
