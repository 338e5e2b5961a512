// SPDX-License-Identifier: MIT
// Dropout (Srivastava et al. 2014), inverted as in PyTorch: in training every number is 0 with the given
// probability and otherwise divided by what is left of 1; in inference nothing happens.
//
//   linear<512> | relu | dropout<0.5> | linear<10>
//
// Behind a product it costs no pass over memory: its bits (kernel/dropout.hpp) are applied at the
// product's end. They depend on seed, step, layer and sample alone, so any number of threads and a run
// gone on from a checkpoint drop the same.
#pragma once

#include "tesela/core/real.hpp"
#include "tesela/kernel/dropout.hpp"
#include "tesela/layer/elementwise.hpp"
#include "tesela/layer/layer.hpp"

#include <cstddef>
#include <cstdint>

namespace tesela {

namespace layers {

template <real Probability>
struct dropout : layer {
  static constexpr layer_role kind = layer_role::mask;
  static constexpr std::uint32_t threshold = dropout_threshold(Probability.value());
  static constexpr float scale =
      Probability.value() < 1 ? static_cast<float>(1 / (1 - decimal_of(Probability))) : 0.0f;

  static constexpr sentence name() { return parametrised<"dropout", Probability>(); }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    if constexpr (!(Probability.value() >= 0 && Probability.value() <= 1)) {
      return {"needs a probability, a number from 0 to 1", "write dropout<0.5>", true};
    } else {
      return {};
    }
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...> in) {
    return in;
  }

  // Without training.
  using program = activation_program<formula::identity>;
};

}  // namespace layers

// dropout<0.5>: a number from 0 to 1, the share that is dropped.
template <real Probability>
inline constexpr layers::dropout<Probability> dropout{};

}  // namespace tesela
