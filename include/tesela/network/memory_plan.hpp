// SPDX-License-Identifier: MIT
// How much memory a network takes, as constants.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/network/block_plan.hpp"
#include "tesela/network/single_plan.hpp"
#include "tesela/network/stages.hpp"
#include "tesela/tensor/block.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tesela {

namespace detail {

template <class Number>
constexpr std::size_t samples_or_none(Number samples) {
  if constexpr (std::is_integral_v<Number> && !std::is_same_v<Number, bool>) {
    return samples > 0 ? static_cast<std::size_t>(samples) : 0;
  } else {
    return 0;
  }
}
struct not_given {};

}  // namespace detail

// What a memory plan is asked for.
struct inference_mode {
  static constexpr bool trains = false;
  static constexpr std::size_t optimizer_slots = 0;
};
// Adam keeps two numbers a parameter, SGD with momentum one.
struct training_mode {
  std::size_t optimizer_slots = 2;
  static constexpr bool trains = true;
};
// memory_plan<net, inference, batch<32>>: without gradients.
inline constexpr inference_mode inference{};
// memory_plan<net, training, batch<32>>: with gradients.
inline constexpr training_mode training{};

struct batch_size {
  std::size_t value = 1;
};
// A number of samples as a type's argument: memory_plan<cnn, training, batch<64>>. What is no number of
// samples becomes 0, which every use refuses.
template <auto Samples>
inline constexpr batch_size batch{detail::samples_or_none(Samples)};

// Floats of the blocks in which `samples` at a time run forward. One sample alone takes none: it has a
// path of its own.
template <class Stages>
constexpr std::size_t inference_floats(std::size_t samples) {
  return samples == 1 ? 0 : blocks_for(samples) * block_plan<Stages, false>::floats;
}

// Bytes of everything a network needs, as constants: in training a model and its trainer, in inference a
// model and one workspace.
//   static_assert(memory_plan<cnn, training, batch<64>>.bytes < 16 * 1024 * 1024);
struct memory_report {
  std::size_t parameters = 0;  // weights and biases
  std::size_t gradients = 0;
  std::size_t optimizer = 0;   // its state
  std::size_t workspace = 0;   // activations and what goes with them, all blocks
  std::size_t single = 0;      // activations of one sample alone, in inference
  std::size_t results = 0;     // what `forward` returns, in inference
  std::size_t bytes = 0;       // the sum
};

namespace detail {

template <auto Net, auto Mode, auto Batch>
struct plan_check {
  using net = std::remove_cv_t<decltype(Net)>;
  using mode = std::remove_cv_t<decltype(Mode)>;
  using batch = std::remove_cv_t<decltype(Batch)>;
  static constexpr std::string_view example = ": write memory_plan<net, training, batch<64>>";
  static constexpr sentence complaint = [] {
    sentence words = "tesela: memory_plan<...> expects ";
    if constexpr (!is_network<net>) {
      return words << "a network as its first argument, but gets " << kind_of<net>() << example;
    } else if constexpr (net::layer_count == 0) {
      return words << "a network with layers, but gets input<...> alone: join layers behind it with |";
    } else if constexpr (!std::is_same_v<mode, training_mode> &&
                         !std::is_same_v<mode, inference_mode>) {
      return words << "training or inference as its second argument, but gets " << kind_of<mode>()
                   << example;
    } else if constexpr (!std::is_same_v<batch, batch_size>) {
      return words << "batch<...> as its third argument, but gets " << kind_of<batch>() << example;
    } else if constexpr (Batch.value == 0) {
      return words << "a batch of at least one sample" << example;
    } else {
      return sentence();
    }
  }();
};
template <auto Net, auto Mode, auto Batch>
constexpr auto refused_plan() {
  return sizeof(tell<mistake_in<plan_check<Net, Mode, Batch>>>());
}
template <>
inline constexpr std::string_view what_is<not_given> = "nothing";
template <>
inline constexpr std::string_view what_is<batch_size> = "a batch";
template <>
inline constexpr std::string_view what_is<training_mode> = "training";
template <>
inline constexpr std::string_view what_is<inference_mode> = "inference";

}  // namespace detail

template <auto Net, auto Mode = detail::not_given{}, auto Batch = detail::not_given{}>
inline constexpr auto memory_plan = detail::refused_plan<Net, Mode, Batch>();
template <auto Net, auto Mode, auto Batch>
  requires(detail::plan_check<Net, Mode, Batch>::complaint.empty())
inline constexpr memory_report memory_plan<Net, Mode, Batch> = [] {
  using stages = stages_of<decltype(Net)>;
  constexpr std::size_t parameters = parameter_layout<stages>::floats * sizeof(float);
  memory_report report;
  report.parameters = parameters;
  report.gradients = Mode.trains ? parameters : 0;
  report.optimizer = Mode.optimizer_slots * parameters;
  if (Mode.trains) {
    report.workspace = blocks_for(Batch.value) * block_plan<stages, true>::floats * sizeof(float);
  } else {
    report.workspace = inference_floats<stages>(Batch.value) * sizeof(float);
    report.single = single_plan<stages>::floats * sizeof(float);
    report.results = Batch.value * Net.output.size * sizeof(float);
  }
  report.bytes = report.parameters + report.gradients + report.optimizer + report.workspace +
                 report.single + report.results;
  return report;
}();

}  // namespace tesela
