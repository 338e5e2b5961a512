// SPDX-License-Identifier: MIT
// Everything that happens to one parameter in one step, as one expression: penalties' gradients,
// clipping, the optimiser's rule, and what penalties do beside it.
//
//   g1 = scale * (g + d penalties / d w)      scale of clip_norm, 1 otherwise
//   g2 = clip_value(g1)                       as in PyTorch, clipped before the optimiser sees it
//   w', s' = rule(step, g2, w, s)
//   w'' = after(w', w, learning_rate)         proximal maps and decoupled decay
//
// Operand 0 is the gradient, 1 the parameter, further ones the optimiser's slots, then noise.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/optim/optimizer.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace tesela {

// Penalties treat parameters by what they are; `free` is one that none of them covers.
enum class parameter_kind { free, bias, weight };

namespace detail {

using gradient_operand = expr::operand<0>;
using parameter_operand = expr::operand<1>;

// Each takes expressions, as a template: a function of floats would ask them for their number.
template <class Term>
inline constexpr bool has_value = !requires { &Term::value; } && requires(const Term& term) {
  term.value(parameter_operand{});
};
template <class Term>
inline constexpr bool has_after = !requires { &Term::after; } && requires(const Term& term) {
  term.after(parameter_operand{}, parameter_operand{}, 0.0f);
};
template <class Term>
inline constexpr bool has_clip = !requires { &Term::clip; } && requires(const Term& term) {
  term.clip(gradient_operand{});
};

template <class Term>
inline constexpr bool has_scale = requires(const Term& term) {
  term.scale(0.0);
};

template <class Term>
constexpr bool covers_biases() {
  if constexpr (requires { Term::biases; }) {
    return Term::biases;
  } else {
    return false;
  }
}
// Whether a penalty is at work there.
template <class Term, parameter_kind Kind>
inline constexpr bool covers = Kind == parameter_kind::weight ||
                               (Kind == parameter_kind::bias && covers_biases<Term>());

// Whether a term leaves single parameters alone.
template <class Term>
constexpr bool idle(const Term& term) {
  if constexpr (requires { term.idle(); }) {
    return term.idle();
  } else {
    return !has_value<Term> && !has_after<Term>;
  }
}

// A lifted expression with its numbers back in their places.
template <std::size_t I, std::size_t N>
constexpr auto bound(expr::operand<I> e, const std::array<float, N>&) {
  return e;
}
template <std::uint32_t Bits, std::size_t N>
constexpr auto bound(expr::literal<Bits> e, const std::array<float, N>&) {
  return e;
}
template <std::size_t K, std::size_t N>
constexpr auto bound(expr::parameter<K>, const std::array<float, N>& numbers) {
  return expr::scalar(numbers[K]);
}
template <class Op, class A, std::size_t N>
constexpr auto bound(expr::unary<Op, A> e, const std::array<float, N>& numbers);
template <class Op, class A, class B, std::size_t N>
constexpr auto bound(expr::binary<Op, A, B> e, const std::array<float, N>& numbers);
template <class Op, class A, class B, class C, std::size_t N>
constexpr auto bound(expr::ternary<Op, A, B, C> e, const std::array<float, N>& numbers);

template <class Op, class A, std::size_t N>
constexpr auto bound(expr::unary<Op, A> e, const std::array<float, N>& numbers) {
  const auto a = bound(e.a, numbers);
  return expr::unary<Op, std::remove_const_t<decltype(a)>>(a);
}
template <class Op, class A, class B, std::size_t N>
constexpr auto bound(expr::binary<Op, A, B> e, const std::array<float, N>& numbers) {
  const auto a = bound(e.a, numbers);
  const auto b = bound(e.b, numbers);
  return expr::binary<Op, std::remove_const_t<decltype(a)>, std::remove_const_t<decltype(b)>>(a, b);
}
template <class Op, class A, class B, class C, std::size_t N>
constexpr auto bound(expr::ternary<Op, A, B, C> e, const std::array<float, N>& numbers) {
  const auto a = bound(e.a, numbers);
  const auto b = bound(e.b, numbers);
  const auto c = bound(e.c, numbers);
  return expr::ternary<Op, std::remove_const_t<decltype(a)>, std::remove_const_t<decltype(b)>,
                       std::remove_const_t<decltype(c)>>(a, b, c);
}

// d e / d w, as an expression with numbers in it.
template <expr::Expression E>
constexpr auto derivative_by_parameter(const E& e) {
  const auto lifted = expr::lift(expr::results(e));
  using formula = meta::at<typename decltype(lifted)::list, 0>;
  using slope = autodiff::gradient_of<formula, parameter_operand>;
  return bound(slope{}, lifted.numbers);
}

// Each of these applies what the terms of one kind do, first to last.
template <parameter_kind Kind, class G>
constexpr auto with_penalties(G g) {
  return g;
}
template <parameter_kind Kind, class G, class Term, class... Rest>
constexpr auto with_penalties(G g, const Term& term, const Rest&... rest) {
  if constexpr (has_value<Term> && !has_after<Term> && covers<Term, Kind>) {
    return with_penalties<Kind>(g + derivative_by_parameter(term.value(parameter_operand{})),
                                rest...);
  } else {
    return with_penalties<Kind>(g, rest...);
  }
}

template <class G>
constexpr auto clipped(G g) {
  return g;
}
template <class G, class Term, class... Rest>
constexpr auto clipped(G g, const Term& term, const Rest&... rest) {
  if constexpr (has_clip<Term>) {
    return clipped(term.clip(g), rest...);
  } else {
    return clipped(g, rest...);
  }
}

template <parameter_kind Kind, class W>
constexpr auto finished(W w, float) {
  return w;
}
template <parameter_kind Kind, class W, class Term, class... Rest>
constexpr auto finished(W w, float rate, const Term& term, const Rest&... rest) {
  if constexpr (has_after<Term> && covers<Term, Kind>) {
    return finished<Kind>(term.after(w, parameter_operand{}, rate), rate, rest...);
  } else {
    return finished<Kind>(w, rate, rest...);
  }
}

}  // namespace detail

// The gradient of loss and penalties.
template <parameter_kind Kind, class... Terms>
constexpr auto penalized_gradient(const Terms&... terms) {
  return detail::with_penalties<Kind>(detail::gradient_operand{}, terms...);
}

// What all components of a gradient of that norm are multiplied with.
constexpr float gradient_scale(double) { return 1; }
template <class Term, class... Rest>
float gradient_scale(double norm, const Term& term, const Rest&... rest) {
  if constexpr (detail::has_scale<Term>) {
    return term.scale(norm) * gradient_scale(norm, rest...);
  } else {
    return gradient_scale(norm, rest...);
  }
}

// Everything, for one kind of parameter. `scale` is clip_norm's. Without slots the new parameter is all.
template <parameter_kind Kind, bool Slots = true, class Rule, class... Terms>
constexpr auto parameter_update(const Rule& rule, std::uint64_t step, float scale,
                                const Terms&... terms) {
  constexpr bool scaled = (detail::has_scale<Terms> || ...);
  const auto gradient = [&] {
    const auto whole = penalized_gradient<Kind>(terms...);
    if constexpr (scaled) {
      return once<"gradient">(detail::clipped(scale * whole, terms...));
    } else {
      return once<"gradient">(detail::clipped(whole, terms...));
    }
  }();
  const auto stepped = [&] {
    if constexpr (Slots) {
      return detail::rule_with(rule, step, gradient, detail::parameter_operand{},
                               detail::further_operands<Rule>{});
    } else {
      return detail::rule_without_slots(rule, step, gradient, detail::parameter_operand{},
                                        std::make_index_sequence<detail::slots_of<Rule>()>{});
    }
  }();
  float rate = 0;
  if constexpr (requires { rule.learning_rate; }) rate = rule.learning_rate;
  return [&]<std::size_t... S>(std::index_sequence<S...>) {
    return expr::results(detail::finished<Kind>(stepped.template get<0>(), rate, terms...),
                         stepped.template get<S + 1>()...);
  }
  (std::make_index_sequence<Slots ? detail::slots_of<Rule>() : 0>{});
}

// What the penalties add to the loss for one parameter.
template <parameter_kind Kind>
constexpr auto penalty_value() {
  return expr::zero;
}
template <parameter_kind Kind, class Term, class... Rest>
constexpr auto penalty_value(const Term& term, const Rest&... rest) {
  if constexpr (detail::has_value<Term> && detail::covers<Term, Kind>) {
    return term.value(detail::parameter_operand{}) + penalty_value<Kind>(rest...);
  } else {
    return penalty_value<Kind>(rest...);
  }
}

namespace detail {

// Whether what a term adds has no reduction in it.
template <class Term>
constexpr bool of_one_number() {
  if constexpr (has_value<Term>) {
    return expr::Elementwise<decltype(std::declval<const Term&>().value(parameter_operand{}))>;
  } else {
    return true;
  }
}

// What is wrong with a trainer's further arguments; empty where nothing is.
template <class Rule>
constexpr sentence terms_complaint() {
  return {};
}
template <class Rule, class Term, class... Rest>
constexpr sentence terms_complaint() {
  if constexpr (!has_after<Term> && requires(const Term& term) {
                  term.after(parameter_operand{}, parameter_operand{});
                }) {
    return sentence("tesela: penalty ") << type_name<Term>()
                                        << " must take the learning rate as third: write auto "
                                           "after(auto w_new, auto w_old, float "
                                           "learning_rate) const";
  } else if constexpr (!has_value<Term> && !has_after<Term> && !has_clip<Term> &&
                       !has_scale<Term>) {
    return sentence(
        "tesela: what follows the optimizer must be a penalty or a clipping: a struct "
        "with `auto value(auto w) const`, the expression to add to the loss for every "
        "weight");
  } else if constexpr (!of_one_number<Term>()) {
    return sentence("tesela: penalty ") << type_name<Term>() << " " << expr::no_reduction;
  } else if constexpr (has_after<Term> && !requires(const Rule& rule) { rule.learning_rate; }) {
    return sentence(
               "tesela: l1_proximal and decoupled_weight_decay need an optimizer with a "
               "learning_rate, which ")
           << rule_name<Rule>() << " has not";
  } else {
    return terms_complaint<Rule, Rest...>();
  }
}

}  // namespace detail

}  // namespace tesela
