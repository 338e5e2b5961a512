// SPDX-License-Identifier: MIT
// Normalisation: fixed ranges for bytes, and statistics fitted on one set and applied to others.
//
// Every normalisation works on the stored values and replaces the one before; none changes memory.
// Statistics come from the training set alone, so that nothing of the test set leaks into it:
//
//   const auto z = z_score::fit(train);
//   train = z(train);
//   test = z(test);
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tesela::data {

// Bytes 0 to 255 become [-1, 1]: byte / 127.5 - 1, up to the rounding of the factor (where multiply
// and add are fused, 255 becomes 1.00000012).
inline dataset normalize_minus_one_to_one(const dataset& samples);

// Bytes 0 to 255 become [0, 1]: byte / 255.
inline dataset normalize_zero_to_one(const dataset& samples);

// Of the stored values of one channel; the deviation is the population's (divided by m, not m - 1).
struct channel_statistics {
  float least = 0, greatest = 0;
  double mean = 0, deviation = 0;
};

// One entry a channel over the samples of this view. Sums run in double, samples in order. A
// channel with one single value has that mean and a deviation of exactly 0.
inline std::vector<channel_statistics> statistics(const dataset& samples);

namespace detail {

// A factor and a summand a channel, and the kind of data they were fitted on.
class fitted_normalization {
 public:
  std::span<const channel_statistics> fitted_on() const { return statistics_; }

  dataset operator()(const dataset& samples) const {
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

 protected:
  explicit fitted_normalization(const dataset& samples)
      : type_(samples.element_type()), statistics_(statistics(samples)) {}

  // value = stored * scale + shift
  void add_channel(double scale, double shift) {
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

 private:
  element type_;
  std::vector<channel_statistics> statistics_;
  std::vector<float> scale_, shift_;
};

}  // namespace detail

// Mean 0 and deviation 1 in each channel of the fitted set: (value - mean) / deviation. A channel
// with one single value is only moved to 0.
class z_score : public detail::fitted_normalization {
 public:
  static z_score fit(const dataset& samples) { return z_score(samples); }

 private:
  explicit z_score(const dataset& samples) : fitted_normalization(samples) {
    for (const channel_statistics& s : fitted_on()) {
      const double scale = s.deviation == 0 ? 1.0 : 1.0 / s.deviation;
      add_channel(scale, -s.mean * scale);
    }
  }
};

// The range of each channel of the fitted set becomes [low, high]; other sets may leave it. A
// channel with one single value is only moved to `low`.
class min_max : public detail::fitted_normalization {
 public:
  static min_max fit(const dataset& samples, float low = -1.0F, float high = 1.0F) {
    if (!(low < high) || !std::isfinite(low) || !std::isfinite(high)) {
      throw usage_error(
          compose("min_max: the range must be finite and rise, not {} to {}", low, high));
    }
    return min_max(samples, low, high);
  }

 private:
  min_max(const dataset& samples, double low, double high) : fitted_normalization(samples) {
    for (const channel_statistics& s : fitted_on()) {
      const double width = double{s.greatest} - double{s.least};
      const double scale = width == 0 ? 1.0 : (high - low) / width;
      add_channel(scale, low - double{s.least} * scale);
    }
  }
};

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

inline std::vector<channel_statistics> statistics(const dataset& samples) {
  std::vector<channel_statistics> result;
  for (std::size_t channel = 0; channel < samples.extents()[0]; ++channel) {
    result.push_back(samples.element_type() == element::u8
                         ? detail::byte_statistics(samples, channel)
                         : detail::float_statistics(samples, channel));
  }
  return result;
}

inline dataset normalize_minus_one_to_one(const dataset& samples) {
  return detail::rescaled_bytes(samples, "[-1, 1]", 1.0F / 127.5F, -1.0F);
}

inline dataset normalize_zero_to_one(const dataset& samples) {
  return detail::rescaled_bytes(samples, "[0, 1]", 1.0F / 255.0F, 0.0F);
}

}  // namespace tesela::data
