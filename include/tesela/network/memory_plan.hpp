// SPDX-License-Identifier: MIT
// How much memory a network takes, as constants.
#pragma once

#include "tesela/network/block_plan.hpp"
#include "tesela/network/single_plan.hpp"
#include "tesela/network/stages.hpp"
#include "tesela/tensor/block.hpp"

#include <cstddef>

namespace tesela {

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
inline constexpr inference_mode inference{};
inline constexpr training_mode training{};

struct batch_size {
  std::size_t value = 1;
};
template <std::size_t Samples>
inline constexpr batch_size batch{Samples};

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
  std::size_t winograd = 0;    // transformed weights, in training
  std::size_t single = 0;      // activations of one sample alone, in inference
  std::size_t results = 0;     // what `forward` returns, in inference
  std::size_t bytes = 0;       // the sum
};

template <auto Net, auto Mode, auto Batch>
inline constexpr memory_report memory_plan = [] {
  using stages = stages_of<decltype(Net)>;
  constexpr std::size_t parameters = parameter_layout<stages>::floats * sizeof(float);
  memory_report report;
  report.parameters = parameters;
  report.gradients = Mode.trains ? parameters : 0;
  report.optimizer = Mode.optimizer_slots * parameters;
  if (Mode.trains) {
    report.workspace = blocks_for(Batch.value) * block_plan<stages, true>::floats * sizeof(float);
    report.winograd = winograd_layout<stages>::floats * sizeof(float);
  } else {
    report.workspace = inference_floats<stages>(Batch.value) * sizeof(float);
    report.single = single_plan<stages>::floats * sizeof(float);
    report.results = Batch.value * Net.output.size * sizeof(float);
  }
  report.bytes = report.parameters + report.gradients + report.optimizer + report.workspace +
                 report.winograd + report.single + report.results;
  return report;
}();

}  // namespace tesela
