// SPDX-License-Identifier: MIT
// What can be wrong with the arguments of the functions that make datasets, cut them and normalise
// them: each is a check (core/diagnostics.hpp) on types alone.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/seed.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tesela {

namespace data {
class dataset;
struct targets;
struct train_and_test;
struct two_parts;
struct shapes_options;
}  // namespace data

namespace detail {

template <>
inline constexpr std::string_view what_is<data::dataset> = "a dataset";
template <>
inline constexpr std::string_view what_is<data::train_and_test> = "two datasets, .train and .test";
template <>
inline constexpr std::string_view what_is<data::two_parts> = "two datasets, .first and .second";

// What is converted to a dataset only to tell that it is none says so by a type.
template <class T>
inline constexpr bool is_dataset = std::is_convertible_v<const T&, const data::dataset&> &&
                                   !requires { typename T::no_dataset; };

// What was given for a dataset: "fit expects a dataset, but gets text: ...".
template <class Samples>
constexpr sentence samples_complaint(std::string_view call) {
  sentence words = "tesela: ";
  words << call << " expects a dataset, but gets " << kind_of<Samples>() << ": ";
  if constexpr (std::is_same_v<Samples, data::train_and_test> ||
                std::is_same_v<Samples, data::two_parts>) {
    return words << "give one of them";
  } else if constexpr (std::is_pointer_v<Samples>) {
    return words << "write *samples";
  } else if constexpr (std::is_convertible_v<const Samples&, std::string_view>) {
    return words << "read a file first, as with data::cifar10(path)";
  } else {
    return words << "make one with data::dataset::from_floats or from_bytes";
  }
}

// What takes a dataset and nothing else.
template <text Call, class... Given>
struct dataset_alone {
  static constexpr sentence complaint =
      sentence("tesela: ") << Call.view() << " expects a dataset alone, but gets "
                           << kinds_of<Given...>() << ": write " << Call.view() << "(samples)";
};
template <text Call, class Samples>
struct dataset_alone<Call, Samples> {
  static constexpr sentence complaint = [] {
    if constexpr (is_dataset<Samples>) {
      return sentence();
    } else {
      return samples_complaint<Samples>(Call.view());
    }
  }();
};

// dataset{...}: there is no such constructor for users; those of the class itself begin with a
// pointer.
template <class... Given>
struct dataset_made {
  static constexpr sentence complaint =
      "tesela: a dataset is made by a function that says what it gets: write "
      "data::dataset::from_floats(...), from_bytes(...), or a reader such as data::cifar10(path)";
};
template <class First, class... Given>
  requires(is_dataset<First> || requires { typename First::element_type; })
struct dataset_made<First, Given...> {
  static constexpr sentence complaint{};
};

// from_floats(extents, class names, values, labels), from_bytes(...): extents come first.
template <class... Given>
inline constexpr bool takes_extents = false;
template <class First, class... Given>
inline constexpr bool takes_extents<First, Given...> =
    std::is_convertible_v<const First&, std::array<std::size_t, 3>> && sizeof...(Given) >= 2 &&
    sizeof...(Given) <= 3;

template <class Value>
inline constexpr std::string_view values_of = "std::vector<float>";
template <>
inline constexpr std::string_view values_of<std::uint8_t> = "std::vector<std::uint8_t>";

// How values of another type become those. Of rows, all in one piece.
template <class Values, class Value>
constexpr sentence as_values() {
  if constexpr (requires(const Values& rows) { rows.begin()->begin(); }) {
    return sentence("all samples in one vector, one behind the other");
  } else {
    return sentence("write ") << values_of<Value> << "(values.begin(), values.end())";
  }
}

template <text Call, class... Given>
struct dataset_from {
  static constexpr sentence complaint =
      sentence("tesela: ") << Call.view()
                           << " expects extents, class names, values and labels, but gets "
                           << kinds_of<Given...>() << ": write " << Call.view()
                           << "({channels, height, width}, names, values, labels)";
};
// Extents and names are right.
template <text Call, class Value, class Values, class Labels>
struct dataset_values {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: ";
    words << Call.view() << " expects its ";
    if constexpr (!std::is_convertible_v<const Values&, std::vector<Value>>) {
      return words << "values as " << values_of<Value> << ", but gets " << kind_of<Values>() << ": "
                   << as_values<Values, Value>();
    } else if constexpr (!std::is_convertible_v<const Labels&, std::vector<std::int32_t>>) {
      return words << "labels as std::vector<std::int32_t>, counted from 0, but gets "
                   << kind_of<Labels>()
                   << ": write std::vector<std::int32_t>(labels.begin(), labels.end())";
    } else {
      return sentence();
    }
  }();
};
template <text Call, class Names>
struct dataset_names {
  static constexpr sentence complaint =
      sentence("tesela: ") << Call.view() << " expects the names of the classes, but gets "
                           << kind_of<Names>()
                           << ": write them in braces, or a std::vector<std::string>";
};
// Values and what is to be learnt of them.
template <text Call, class Value, class Values, class Targets>
struct dataset_targets {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: ";
    words << Call.view() << " expects ";
    if constexpr (!std::is_convertible_v<const Values&, std::vector<Value>>) {
      return words << "its values as " << values_of<Value> << ", but gets " << kind_of<Values>()
                   << ": " << as_values<Values, Value>();
    } else if constexpr (!std::is_convertible_v<const Targets&, data::targets>) {
      return words
             << "labels behind class names and values, or data::targets behind values, but gets "
             << kind_of<Targets>() << ": write " << Call.view()
             << "(extents, values, data::targets{names, numbers})";
    } else {
      return sentence();
    }
  }();
};

// from_floats(extents, values, names, labels or numbers).
template <text Call, class Values, class Numbers>
struct dataset_names_behind {
  static constexpr sentence complaint =
      std::is_convertible_v<const Numbers&, std::vector<std::int32_t>>
          ? dataset_names<Call, Values>::complaint
          : sentence("tesela: ") << Call.view()
                                 << " expects the names and the numbers of targets in braces of their "
                                    "own, behind the values: write "
                                 << Call.view() << "(extents, values, {names, numbers})";
};

template <class... Given>
struct dataset_elements {
  static constexpr sentence complaint =
      "tesela: a dataset gives samples as floats into a place of yours: write std::vector<float> "
      "sample(samples.features()) and samples.copy_sample(i, sample)";
};
template <class... Given>
struct dataset_shuffled {
  static constexpr sentence complaint =
      "tesela: a dataset keeps its order, and fit draws a new one for every epoch: write fit(train, "
      "{.epochs = "
      "10, .seed = seed{1}})";
};

// Beside dataset's own functions of these names: what they do not take. Braces have no type, so extents and
// names are taken as what they ought to be, where they are.
class not_of_a_dataset {
  using extents_given = std::array<std::size_t, 3>;
  using names_given = std::vector<std::string>;

 public:
  // samples[0], samples.shuffle().
  template <class Index>
  auto operator[](const Index&) const {
    return sizeof(tell<mistake_in<dataset_elements<Index>>>());
  }
  template <class... Given>
  auto shuffle(const Given&...) const {
    return sizeof(tell<mistake_in<dataset_shuffled<Given...>>>());
  }

 protected:
  template <class Values, class Labels>
    requires Wrong<dataset_values<"from_bytes", std::uint8_t, Values, Labels>>
  static auto from_bytes(extents_given, names_given, const Values&, const Labels&) {
    return sizeof(tell<mistake_in<dataset_values<"from_bytes", std::uint8_t, Values, Labels>>>());
  }
  template <class Names, class Values, class Labels>
    requires(!std::is_convertible_v<const Names&, names_given>)
  static auto from_bytes(extents_given, const Names&, const Values&, const Labels&) {
    return sizeof(tell<mistake_in<dataset_names<"from_bytes", Names>>>());
  }
  template <class Values, class Targets>
    requires Wrong<dataset_targets<"from_bytes", std::uint8_t, Values, Targets>>
  static auto from_bytes(extents_given, const Values&, const Targets&) {
    return sizeof(tell<mistake_in<dataset_targets<"from_bytes", std::uint8_t, Values, Targets>>>());
  }
  template <class Values, class Numbers>
    requires(!std::is_convertible_v<const Values&, names_given>)
  static auto from_bytes(extents_given, const Values&, names_given, const Numbers&) {
    return sizeof(tell<mistake_in<dataset_names_behind<"from_bytes", Values, Numbers>>>());
  }
  template <class... Given>
    requires(!takes_extents<Given...>)
  static auto from_bytes(const Given&...) {
    return sizeof(tell<mistake_in<dataset_from<"from_bytes", Given...>>>());
  }

  template <class Values, class Labels>
    requires Wrong<dataset_values<"from_floats", float, Values, Labels>>
  static auto from_floats(extents_given, names_given, const Values&, const Labels&) {
    return sizeof(tell<mistake_in<dataset_values<"from_floats", float, Values, Labels>>>());
  }
  template <class Names, class Values, class Labels>
    requires(!std::is_convertible_v<const Names&, names_given>)
  static auto from_floats(extents_given, const Names&, const Values&, const Labels&) {
    return sizeof(tell<mistake_in<dataset_names<"from_floats", Names>>>());
  }
  template <class Values, class Targets>
    requires Wrong<dataset_targets<"from_floats", float, Values, Targets>>
  static auto from_floats(extents_given, const Values&, const Targets&) {
    return sizeof(tell<mistake_in<dataset_targets<"from_floats", float, Values, Targets>>>());
  }
  template <class Values, class Numbers>
    requires(!std::is_convertible_v<const Values&, names_given>)
  static auto from_floats(extents_given, const Values&, names_given, const Numbers&) {
    return sizeof(tell<mistake_in<dataset_names_behind<"from_floats", Values, Numbers>>>());
  }
  template <class... Given>
    requires(!takes_extents<Given...>)
  static auto from_floats(const Given&...) {
    return sizeof(tell<mistake_in<dataset_from<"from_floats", Given...>>>());
  }
};

// split(samples, fraction, seed).
template <class... Given>
struct split_call {
  static constexpr sentence complaint =
      sentence("tesela: split expects a dataset, the fraction of its first part and a seed, but gets ")
      << kinds_of<Given...>() << ": write split(samples, 0.9, seed{7})";
};
template <class Samples, class Fraction, class Seed>
struct split_call<Samples, Fraction, Seed> {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: split(samples, fraction, seed) expects as its ";
    if constexpr (!is_dataset<Samples>) {
      return samples_complaint<Samples>("split");
    } else if constexpr (!std::is_arithmetic_v<Fraction> || std::is_same_v<Fraction, bool>) {
      return words << "second argument the fraction of its first part, but gets "
                   << kind_of<Fraction>() << ": write split(samples, 0.9, seed{7})";
    } else if constexpr (!std::is_convertible_v<const Seed&, seed>) {
      return words << "third argument a seed, but gets " << kind_of<Seed>() << ": write seed{7}"
                   << (std::is_floating_point_v<Seed> ? ", and split a part again for a third one"
                                                      : "");
    } else {
      return sentence();
    }
  }();
};

// split(samples, {80, 20}, seed{1}), split(samples, {.test_size = 0.2}, seed{1}).
struct any_parts {
  anything train_size{}, test_size{}, fraction{}, train{}, validation{}, test{};
};
template <class Samples>
struct split_by_parts {
  static constexpr sentence complaint =
      "tesela: split expects the fraction of its first part, one number: write auto [train, test] = "
      "split(samples, 0.8, seed{7})";
};

// fit + validation.
template <class A, class B>
struct joined_datasets {
  static constexpr sentence complaint =
      "tesela: datasets are views and are not joined: keep the whole set, of which split and subset give "
      "parts";
};

// dataset samples = cifar10(folder).
template <class Samples>
struct one_of_two_sets {
  static constexpr sentence complaint =
      "tesela: here come two datasets, train and test: write auto [train, test] = ..., or "
      "cifar10(folder).train for one";
};
template <class Samples>
struct one_of_two_parts {
  static constexpr sentence complaint =
      "tesela: split gives two datasets: write auto [train, test] = split(samples, 0.8, seed{7})";
};

// samples.subset(positions).
template <class... Given>
struct subset_call {
  static constexpr sentence complaint =
      sentence("tesela: subset expects positions as std::uint32_t in one piece, but gets ")
      << kinds_of<Given...>() << ": write std::vector<std::uint32_t> positions{...}";
};
template <class Positions>
  requires std::is_convertible_v<const Positions&, std::span<const std::uint32_t>>
struct subset_call<Positions> {
  static constexpr sentence complaint{};
};

// samples.copy_sample(position, floats).
template <class... Given>
struct copy_sample_call {
  static constexpr sentence complaint =
      sentence("tesela: copy_sample expects a position and floats that it may write to, but gets ")
      << kinds_of<Given...>()
      << ": write std::vector<float> into(samples.features()) and copy_sample(0, into)";
};
template <class Position, class Into>
  requires(std::is_convertible_v<Position, std::size_t> &&
           std::is_convertible_v<Into, std::span<float>>)
struct copy_sample_call<Position, Into> {
  static constexpr sentence complaint{};
};

// z_score::fit(samples), min_max::fit(samples, low, high).
template <text Call, class... Given>
struct fitted_call {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Call.view() << " is fitted on a training set, but gets "
                                        << kinds_of<Given...>()
                                        << ": write const auto normalize = data::" << Call.view()
                                        << "::fit(train), then normalize(test)";
};
template <text Call, class Samples, class... Bounds>
  requires(is_dataset<Samples> && sizeof...(Bounds) <= (Call.view() == "min_max" ? 2 : 0) &&
           (std::is_arithmetic_v<Bounds> && ...))
struct fitted_call<Call, Samples, Bounds...> {
  static constexpr sentence complaint{};
};

// min_max::fit(samples, {0, 1}): what takes the braces.
struct any_bounds {
  anything low{}, high{};
};
template <>
inline constexpr std::string_view what_is<any_bounds> = "braces";
template <class... Given>
struct normalization_applied {
  static constexpr sentence complaint =
      "tesela: a normalization is a function of datasets, fitted on the training set: write const auto "
      "normalize = data::z_score::fit(train), then normalize(train) and normalize(test)";
};

// cifar10(folder).
template <class... Given>
struct cifar10_call {
  static constexpr sentence complaint =
      sentence("tesela: cifar10 expects the folder of its binary files, but gets ")
      << kinds_of<Given...>()
      << ": write auto [train, test] = data::cifar10(folder)";
};
template <class Path>
  requires std::is_convertible_v<const Path&, const std::filesystem::path&>
struct cifar10_call<Path> {
  static constexpr sentence complaint{};
};

// shapes({.training = 3000}).
struct any_shapes {
  anything training{}, validation{}, train_size{}, test_size{}, train_samples{}, test_samples{}, samples{},
      count{}, n{}, size{}, images{}, classes{};
};
template <class Options>
struct shapes_options_call {
  static constexpr sentence complaint =
      "tesela: shapes expects {.train = 20000, .test = 4000, .seed = seed{1}}, in this order, but gets a "
      "name or type that is not among them";
};

// shapes({train, test}).
template <class... Given>
struct shapes_call {
  static constexpr sentence complaint =
      sentence("tesela: shapes expects how many images, in braces, but gets ")
      << kinds_of<Given...>() << ": write auto [train, test] = data::shapes({3000, 500})";
};
template <class Options>
  requires std::is_convertible_v<const Options&, data::shapes_options>
struct shapes_call<Options> {
  static constexpr sentence complaint{};
};
template <>
struct shapes_call<> {
  static constexpr sentence complaint{};
};

}  // namespace detail

}  // namespace tesela
