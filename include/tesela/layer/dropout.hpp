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

#include "tesela/autodiff/derivative.hpp"
#include "tesela/core/real.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/kernel/dropout.hpp"
#include "tesela/layer/elementwise.hpp"
#include "tesela/layer/layer.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tesela {

namespace layers {

// In the programs of kernels operand<2> is 0 where an element is dropped, otherwise 1 / (1 - p).
using mask_operand = expr::operand<2>;

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

// An activation and a dropout in one, for kernels: `Activation` of x, masked, or of the masked x.
template <class Activation, class Dropout, bool MaskFirst>
struct masked_program {
  static constexpr float scale = Dropout::scale;

 private:
  using x = expr::operand<0>;
  using g = expr::operand<1>;
  using masked_x = decltype(x{} * mask_operand{});
  // What the mask is multiplied with, and its gradient, with the mask in g.
  using inner = std::conditional_t<MaskFirst, masked_x, x>;
  using activated = expr::replace<typename Activation::value, x, inner>;
  static constexpr auto outer(auto v) {
    if constexpr (MaskFirst) {
      return v;
    } else {
      return v * mask_operand{};
    }
  }

 public:
  using value = decltype(outer(activated{}));

 private:
  using by_input = autodiff::gradient_of<value, x, g>;
  using y = expr::operand<3>;
  // With the value in the place of every formula that equals it. Where an element is dropped its gradient
  // is 0, whatever a condition says: so y > 0 says what f(x) > 0 does.
  using by_value = expr::replace<
      expr::replace<by_input, value, y>,
      expr::binary<expr::op::less, expr::zero_type, activated>,
      expr::binary<expr::op::less, expr::zero_type, y>>;

 public:
  static constexpr bool from_value = !expr::contains<by_value, x>;
  using gradient =
      std::conditional_t<from_value, expr::replace<by_value, y, x>, by_input>;
};

// Whether kernels need a mask for it.
template <class Program>
inline constexpr bool is_masked = requires { Program::scale; };

}  // namespace layers

// dropout<0.5>: a number from 0 to 1, the share that is dropped.
template <real Probability>
inline constexpr layers::dropout<Probability> dropout{};

}  // namespace tesela
