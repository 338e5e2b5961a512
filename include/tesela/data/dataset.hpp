// SPDX-License-Identifier: MIT
// A set of samples with classes or targets: shared, immutable values and a view that selects, orders
// and normalises.
//
// What is to be learnt of a sample is either its class, one of several names, or its targets, one
// number for each of several names: prices, coordinates, which of many labels hold.
//
// The values lie sample-major and channels first, as bytes or floats, and are never changed or
// copied: a subset, a split or a normalisation is another view of the same memory. The network sees
//   value = stored * scale[channel] + shift[channel].
// Copying a dataset costs one index (4 bytes) a sample; threads may share one.
#pragma once

#include "tesela/data/misuse.hpp"
#include "tesela/tensor/samples.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace tesela::data {

// Numbers to be learnt, sample-major: values[i * names.size() + k] is what sample i has for names[k].
struct targets {
  std::vector<std::string> names;
  std::vector<float> values;
};

class dataset : public detail::not_of_a_dataset {
 public:
  // Zero bytes behind the last value. Kernels gather four bytes where they need one, and so may
  // read up to three bytes past the last sample.
  static constexpr std::size_t padding_bytes = 64;

  // Sample i is values[i * C * H * W ...], its class is labels[i]; extents are {C, H, W}. Nothing
  // is copied if the capacity of `values` exceeds its size by the padding. The new set shows every
  // sample in order and unchanged (scale 1, shift 0).
  static dataset from_bytes(std::array<std::size_t, 3> extents,
                            std::vector<std::string> class_names, std::vector<std::uint8_t> values,
                            std::vector<std::int32_t> labels);

  // The same for floats, which must be finite: one NaN would poison every weight.
  static dataset from_floats(std::array<std::size_t, 3> extents,
                             std::vector<std::string> class_names, std::vector<float> values,
                             std::vector<std::int32_t> labels);

  // Samples with targets, which must be finite too, in the place of classes.
  static dataset from_bytes(std::array<std::size_t, 3> extents, std::vector<std::uint8_t> values,
                            targets wanted);
  static dataset from_floats(std::array<std::size_t, 3> extents, std::vector<float> values,
                             targets wanted);

  // Anything else does not compile and says what to write.
  using not_of_a_dataset::from_bytes, not_of_a_dataset::from_floats;
  template <class... Given>
    requires Wrong<detail::dataset_made<Given...>>
  explicit dataset(const Given&...) {
    (void)sizeof(tell<mistake_in<detail::dataset_made<Given...>>>());
  }

  std::size_t size() const { return indices_.size(); }
  const std::array<std::size_t, 3>& extents() const { return storage_->extents; }
  std::size_t features() const { return channels() * pixels(); }
  element element_type() const { return storage_->type; }

  // 0 and no names for a set with targets.
  std::size_t classes() const { return storage_->class_names.size(); }
  const std::vector<std::string>& class_names() const { return storage_->class_names; }
  std::vector<std::size_t> per_class_counts() const;

  // Where sample `position` of this view lies in the storage, and its class.
  std::uint32_t index(std::size_t position) const;
  std::int32_t label(std::size_t position) const;

  // How many targets a sample has, 0 for a set with classes; their names; those of one sample.
  std::size_t target_count() const { return storage_->wanted.names.size(); }
  const std::vector<std::string>& target_names() const { return storage_->wanted.names; }
  std::span<const float> target(std::size_t position) const;

  // The storage index of every sample of this view, in its order.
  std::span<const std::uint32_t> indices() const { return indices_; }

  // The whole storage, by storage index, for kernels. Valid while this dataset is alive and not
  // assigned to.
  sample_source source() const;

  // One factor and one summand a channel.
  std::span<const float> scale() const { return scale_; }
  std::span<const float> shift() const { return shift_; }

  // Writes sample `position` as the network sees it, channels first.
  void copy_sample(std::size_t position, std::span<float> into) const;
  template <class... Given>
    requires Wrong<detail::copy_sample_call<Given...>>
  auto copy_sample(Given&&...) const {
    return sizeof(tell<mistake_in<detail::copy_sample_call<Given...>>>());
  }

  // The samples at these positions of this view, in this order; a position may occur several times.
  dataset subset(std::span<const std::uint32_t> positions) const;
  dataset subset(std::initializer_list<std::uint32_t> positions) const {
    return subset(std::span(positions.begin(), positions.size()));
  }
  template <class... Given>
    requires Wrong<detail::subset_call<Given...>>
  auto subset(const Given&...) const {
    return sizeof(tell<mistake_in<detail::subset_call<Given...>>>());
  }

  // The same samples under another normalisation, which replaces the present one.
  dataset normalized(std::vector<float> scale, std::vector<float> shift) const;
  // One factor and one summand for all channels.
  template <class Scale, class Shift>
    requires(std::is_arithmetic_v<Scale> && std::is_arithmetic_v<Shift>)
  dataset normalized(Scale scale, Shift shift) const {
    return normalized(std::vector(channels(), static_cast<float>(scale)),
                      std::vector(channels(), static_cast<float>(shift)));
  }

 private:
  struct storage {
    element type = element::u8;
    std::vector<std::uint8_t> bytes;  // one of the two is empty
    std::vector<float> floats;
    std::array<std::size_t, 3> extents{};
    std::vector<std::string> class_names;
    std::vector<std::int32_t> labels;  // empty where there are targets
    targets wanted;                    // empty where there are classes
  };

  dataset(std::shared_ptr<storage> owned, std::array<std::size_t, 3> extents,
          std::vector<std::string> class_names, std::vector<std::int32_t> labels);
  dataset(std::shared_ptr<storage> owned, std::array<std::size_t, 3> extents, std::size_t count,
          targets wanted);
  dataset(std::shared_ptr<const storage> shared, std::vector<std::uint32_t> indices,
          std::vector<float> scale, std::vector<float> shift);

  std::size_t channels() const { return storage_->extents[0]; }
  std::size_t pixels() const { return storage_->extents[1] * storage_->extents[2]; }

  void must_have_classes() const;
  static void check(const std::array<std::size_t, 3>& extents,
                    const std::vector<std::string>& class_names, std::size_t values,
                    const std::vector<std::int32_t>& labels);
  // The number of samples.
  static std::size_t check(const std::array<std::size_t, 3>& extents, std::size_t values,
                           const targets& wanted);
  static std::size_t check_extents(const std::array<std::size_t, 3>& extents);
  static void check_count(std::size_t samples);
  static void check_finite(const std::vector<float>& values, std::size_t width, const char* what);
  static std::shared_ptr<storage> stored(std::vector<std::uint8_t>&& bytes);
  static std::shared_ptr<storage> stored(std::vector<float>&& floats);
  template <class Value>
  static std::vector<Value> padded(std::vector<Value>&& values);

  std::shared_ptr<const storage> storage_;
  std::vector<std::uint32_t> indices_;
  std::vector<float> scale_, shift_;
};

// What a reader or a generator returns: auto [train, test] = ...
struct train_and_test {
  dataset train, test;

  using no_dataset = void;
  template <std::same_as<dataset> One>
  operator One() const {
    return (void)sizeof(tell<mistake_in<tesela::detail::one_of_two_sets<One>>>()), train;
  }
};

// train + validation.
template <std::same_as<dataset> A, std::same_as<dataset> B>
auto operator+(const A&, const B&) {
  return sizeof(tell<mistake_in<tesela::detail::joined_datasets<A, B>>>());
}

// for (auto sample : samples).
template <std::same_as<dataset> Samples>
auto begin(const Samples&) {
  return sizeof(tell<mistake_in<tesela::detail::dataset_elements<Samples>>>());
}
template <std::same_as<dataset> Samples>
std::size_t end(const Samples&);  // begin has told

}  // namespace tesela::data

#ifndef TESELA_COMPILED
#include "tesela/data/dataset.ipp"
#endif
