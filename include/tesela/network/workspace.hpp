// SPDX-License-Identifier: MIT
// The memory one caller needs to run a network forward; the weights are not in it.
//
// Any number of threads may share a model as long as each brings a workspace of its own.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/network/block_plan.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/misuse.hpp"
#include "tesela/network/network.hpp"
#include "tesela/network/single_plan.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace tesela {

// The memory of forward passes: workspace room{cnn, 64} has room for 64 samples at a time. One for each
// thread.
template <class Net>
class workspace {
 public:
  static constexpr std::size_t block_floats = block_plan<stages_of<Net>, false>::floats;
  static constexpr std::size_t single_floats = single_plan<stages_of<Net>>::floats;

  // For up to `samples` samples at a time.
  explicit workspace(std::size_t samples)
      : samples_(checked(samples)),
        blocks_(inference_floats<stages_of<Net>>(samples)),
        single_(single_floats),
        results_(samples * Net::output.size) {}
  workspace(Net, std::size_t samples) : workspace(samples) {}

  std::size_t samples() const { return samples_; }
  float* block(std::size_t i) { return blocks_.data() + i * block_floats; }
  float* single() { return single_.data(); }
  std::span<float> results() { return results_.values(); }

 private:
  static std::size_t checked(std::size_t samples) {
    if (samples == 0) throw usage_error("workspace: room for 0 samples is no room, ask for 1 or more");
    return samples;
  }

  std::size_t samples_;
  arena blocks_, single_, results_;
};

// In the place of a workspace refused.
template <class Net>
  requires(!Network<Net> && !detail::is_refused<Net>)
class workspace<Net> : public detail::refused {
  char told[sizeof(tell<mistake_in<detail::checked_network<Net>>>())];

 public:
  template <class... Given>
  explicit workspace(Given&&...) {}
  template <Network Any>
  operator workspace<Any>&();
};

// The workspace of a network refused: the network has told.
template <class Net>
  requires detail::is_refused<Net>
class workspace<Net> : public detail::refused {
 public:
  template <class... Given>
  explicit workspace(Given&&...) {}
};

template <class Net>
workspace(Net, std::size_t) -> workspace<Net>;
template <class... Given>
  requires Wrong<detail::workspace_call<Given...>>
workspace(Given&&...) -> workspace<detail::wrong_call<detail::workspace_call<Given...>>>;

}  // namespace tesela
