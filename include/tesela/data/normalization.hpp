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

#include "tesela/data/dataset.hpp"
#include "tesela/data/misuse.hpp"

#include <concepts>
#include <span>
#include <vector>

namespace tesela::data {

// Bytes 0 to 255 become [-1, 1]: byte / 127.5 - 1, up to the rounding of the factor (where multiply
// and add are fused, 255 becomes 1.00000012).
dataset normalize_minus_one_to_one(const dataset& samples);
template <class... Given>
  requires Wrong<tesela::detail::dataset_alone<"normalize_minus_one_to_one", Given...>>
auto normalize_minus_one_to_one(const Given&...) {
  return sizeof(
      tell<mistake_in<tesela::detail::dataset_alone<"normalize_minus_one_to_one", Given...>>>());
}

// Bytes 0 to 255 become [0, 1]: byte / 255.
dataset normalize_zero_to_one(const dataset& samples);
template <class... Given>
  requires Wrong<tesela::detail::dataset_alone<"normalize_zero_to_one", Given...>>
auto normalize_zero_to_one(const Given&...) {
  return sizeof(
      tell<mistake_in<tesela::detail::dataset_alone<"normalize_zero_to_one", Given...>>>());
}

// Of the stored values of one channel; the deviation is the population's (divided by m, not m - 1).
struct channel_statistics {
  float least = 0, greatest = 0;
  double mean = 0, deviation = 0;
};

// One entry a channel over the samples of this view. Sums run in double, samples in order. A
// channel with one single value has that mean and a deviation of exactly 0.
std::vector<channel_statistics> statistics(const dataset& samples);
template <class... Given>
  requires Wrong<tesela::detail::dataset_alone<"statistics", Given...>>
auto statistics(const Given&...) {
  return sizeof(tell<mistake_in<tesela::detail::dataset_alone<"statistics", Given...>>>());
}

namespace detail {

// A factor and a summand a channel, and the kind of data they were fitted on.
class fitted_normalization {
 public:
  std::span<const channel_statistics> fitted_on() const { return statistics_; }

  dataset operator()(const dataset& samples) const;
  template <class... Given>
    requires Wrong<tesela::detail::dataset_alone<"normalize", Given...>>
  auto operator()(const Given&...) const {
    return sizeof(tell<mistake_in<tesela::detail::dataset_alone<"normalize", Given...>>>());
  }

  // normalize.transform(samples), and dataset train = z_score::fit(samples).
  template <class... Given>
  auto transform(const Given&...) const {
    return sizeof(tell<mistake_in<tesela::detail::normalization_applied<Given...>>>());
  }
  template <class... Given>
  static auto fit_transform(const Given&...) {
    return sizeof(tell<mistake_in<tesela::detail::normalization_applied<Given...>>>());
  }
  using no_dataset = void;
  template <std::same_as<dataset> Samples>
  operator Samples() const {
    return (void)sizeof(tell<mistake_in<tesela::detail::normalization_applied<Samples>>>()),
           Samples::from_floats({}, {}, {}, {});
  }

 protected:
  explicit fitted_normalization(const dataset& samples);
  fitted_normalization() = default;  // of what does not compile

  // value = stored * scale + shift
  void add_channel(double scale, double shift);

 private:
  element type_{};
  std::vector<channel_statistics> statistics_;
  std::vector<float> scale_, shift_;
};

}  // namespace detail

// Mean 0 and deviation 1 in each channel of the fitted set: (value - mean) / deviation. A channel
// with one single value is only moved to 0.
class z_score : public detail::fitted_normalization {
 public:
  explicit z_score(const dataset& samples);
  static z_score fit(const dataset& samples) { return z_score(samples); }

  template <class... Given>
    requires Wrong<tesela::detail::fitted_call<"z_score", Given...>>
  explicit z_score(const Given&...) {
    (void)sizeof(tell<mistake_in<tesela::detail::fitted_call<"z_score", Given...>>>());
  }
  template <class... Given>
    requires Wrong<tesela::detail::fitted_call<"z_score", Given...>>
  static auto fit(const Given&...) {
    return sizeof(tell<mistake_in<tesela::detail::fitted_call<"z_score", Given...>>>());
  }
};

// The range of each channel of the fitted set becomes [low, high]; other sets may leave it. A
// channel with one single value is only moved to `low`.
class min_max : public detail::fitted_normalization {
 public:
  explicit min_max(const dataset& samples, double low = -1, double high = 1);
  static min_max fit(const dataset& samples, double low = -1, double high = 1);

  template <class... Given>
    requires Wrong<tesela::detail::fitted_call<"min_max", Given...>>
  explicit min_max(const Given&...) {
    (void)sizeof(tell<mistake_in<tesela::detail::fitted_call<"min_max", Given...>>>());
  }
  template <class Samples, class Bounds = tesela::detail::any_bounds>
    requires std::same_as<Bounds, tesela::detail::any_bounds>
  static auto fit(const Samples&, const Bounds&) {
    return sizeof(tell<mistake_in<tesela::detail::fitted_call<"min_max", Samples, Bounds>>>());
  }
  template <class... Given>
    requires Wrong<tesela::detail::fitted_call<"min_max", Given...>>
  static auto fit(const Given&...) {
    return sizeof(tell<mistake_in<tesela::detail::fitted_call<"min_max", Given...>>>());
  }
};

}  // namespace tesela::data

#ifndef TESELA_COMPILED
#include "tesela/data/normalization.ipp"
#endif
