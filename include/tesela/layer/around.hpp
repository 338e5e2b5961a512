// SPDX-License-Identifier: MIT
// An activation with what stands around it in one stage: a dropout, an affine map, or both, before or behind.
//
//   linear<64> | affine | relu | dropout<0.5>      one program: relu(weight x + bias) mask
//
// The program is composed of the steps' formulas in their order, and its gradients are derived from it.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/layer/dropout.hpp"
#include "tesela/layer/elementwise.hpp"
#include "tesela/tensor/arena.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela::layers {

// The operands of programs: x, the gradient of the program's value, 0 where an element is dropped and
// otherwise 1 / (1 - p), weight and bias of a row's channel.
namespace around_operand {
using x = expr::operand<0>;
using gradient = expr::operand<1>;
using mask = expr::operand<2>;
using weight = expr::operand<3>;
using bias = expr::operand<4>;
}  // namespace around_operand

// The affine map of so many channels.
template <std::size_t Channels>
struct affine_step {
  static constexpr std::size_t channels = Channels;
};

namespace detail {

// A step applied to the expression `V`.
template <class Activation, class V>
struct applied {
  using type = expr::replace<typename Activation::value, around_operand::x, V>;
};
template <real Probability, class V>
struct applied<dropout<Probability>, V> {
  using type = decltype(V{} * around_operand::mask{});
};
template <std::size_t Channels, class V>
struct applied<affine_step<Channels>, V> {
  using type = decltype(V{} * around_operand::weight{} + around_operand::bias{});
};

// All steps in order: `value`, and `before_mask`, without a mask at the end.
template <class V, class... Steps>
struct composed {
  using value = V;
  using before_mask = V;
};
template <class V, class First, class... More>
struct composed<V, First, More...> : composed<typename applied<First, V>::type, More...> {};
template <class V, real Probability>
struct composed<V, dropout<Probability>> {
  using value = typename applied<dropout<Probability>, V>::type;
  using before_mask = V;
};

// What kernels must know of a step.
template <class Step>
struct step_facts {};
template <real Probability>
struct step_facts<dropout<Probability>> {
  static constexpr float scale = dropout<Probability>::scale;
};
template <std::size_t Channels>
struct step_facts<affine_step<Channels>> {
  static constexpr std::size_t channels = Channels;
  // From the first weight to the first bias.
  static constexpr std::size_t pitch = round_up(Channels, alignment_floats);
};

}  // namespace detail

// Of what is multiplied with a mask, and of what has weights and biases.
template <class Program>
inline constexpr bool is_masked = requires { Program::scale; };
template <class Program>
inline constexpr bool is_affine = requires { Program::pitch; };

// Steps are activations' programs, a dropout and an affine_step, one of each at most.
template <class... Steps>
struct around_program : detail::step_facts<Steps>... {
 private:
  using steps = detail::composed<around_operand::x, Steps...>;

 public:
  using value = typename steps::value;

 private:
  using x = around_operand::x;
  using y = expr::operand<5>;
  using derived = autodiff::gradient_of<value, x, around_operand::gradient>;
  // With the value in the place of every formula that equals it. Where an element is dropped its gradient
  // is 0, whatever a condition says: so y > 0 says what f(x) > 0 does.
  using by_value = expr::replace<
      expr::replace<derived, value, y>,
      expr::binary<expr::op::less, expr::zero_type, typename steps::before_mask>,
      expr::binary<expr::op::less, expr::zero_type, y>>;

 public:
  // The gradient of a weight needs the input.
  static constexpr bool from_value =
      !(is_affine<detail::step_facts<Steps>> || ...) && !expr::contains<by_value, x>;
  using gradient = std::conditional_t<from_value, expr::replace<by_value, y, x>, derived>;
  // What an element adds to the gradient of its channel's weight or bias.
  template <class Variable>
  using gradient_by = autodiff::gradient_of<value, Variable, around_operand::gradient>;
};

}  // namespace tesela::layers
