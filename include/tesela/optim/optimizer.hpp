// SPDX-License-Identifier: MIT
// What an optimiser is: a few settings, and its rule as expressions. This is a whole one:
//
//   struct sign_descent {
//     float learning_rate = 1e-3f;
//     static constexpr std::size_t slots = 0;
//     auto rule(std::uint64_t, auto g, auto w) const {
//       return results(w - learning_rate * sign(g));
//     }
//   };
//
//   slots                     how many numbers it remembers of every parameter
//   rule(step, g, w, s...)    results(new w, new s...) of gradient, parameter and state; `step`
//                             counts from 1. What it uses twice is computed once if it has a name:
//                             once<"mean">(...), expr/lift.hpp
// and, where there is something to say,
//   learning_rate             what a schedule sets; `momentum` or `beta1` likewise
//   validate()                throws usage_error that names a setting out of range
//   initial_state()           the slots before the first step, as std::array; otherwise zeros
//   remembers()               false where these settings need no slots: then there are none, and the
//                             rule gets zeros for them
//   noise(step)               a random_stream: the rule gets one more operand behind the slots, of
//                             mean 0 and variance 1, that depends on the stream and the parameter's
//                             place alone
//   name, settings()          what a checkpoint notes
//
// The rule runs over the flat arena in one pass, or over each share of a gradient as soon as it is
// known. Numbers that depend on the step alone are computed once a step, in double.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/expr/expression.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/lift.hpp"
#include "tesela/expr/results.hpp"
#include "tesela/expr/shaped.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace tesela {

using expr::once, expr::results;

namespace detail {

// "adam: learning_rate must be a positive number, not nan"
void require(bool fine, const char* optimizer, const char* setting, const char* expected,
             float found);
void require_positive(const char* who, const char* setting, float value);
void require_not_negative(const char* who, const char* setting, float value);
void require_below_one(const char* who, const char* setting, float value);

// A setting by the name it has elsewhere, behind an optimiser's own: giving it a value is the mistake.
template <text Optimizer, text Theirs, text Ours>
struct named_elsewhere {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Optimizer.view() << " has no " << Theirs.view() << ": write "
                                        << Optimizer.view() << "{." << Ours.view() << "}";
  constexpr named_elsewhere() = default;
  template <class... Values>
    requires(sizeof...(Values) > 0)
  constexpr named_elsewhere(const Values&...) {
    (void)sizeof(tell<mistake_in<named_elsewhere>>());
  }
};

template <class Rule>
inline constexpr bool has_slots = requires {
  { Rule::slots } -> std::convertible_to<std::size_t>;
};

template <class Rule>
constexpr std::size_t slots_of() {
  if constexpr (has_slots<Rule>) {
    return Rule::slots;
  } else {
    return 0;
  }
}

template <class Rule>
inline constexpr bool asks_noise = requires(const Rule& rule) {
  rule.noise(std::uint64_t{});
};

template <class Rule>
inline constexpr bool may_forget = requires(const Rule& rule) {
  { rule.remembers() } -> std::same_as<bool>;
};
template <class Rule>
constexpr bool remembers(const Rule& rule) {
  if constexpr (may_forget<Rule>) {
    return rule.remembers();
  } else {
    return true;
  }
}
// The rule with zeros in its slots.
template <class Rule, class G, class W, std::size_t... S>
constexpr auto rule_without_slots(const Rule& rule, std::uint64_t step, G g, W w,
                           std::index_sequence<S...>) {
  return rule.rule(step, g, w, (static_cast<void>(S), expr::zero)...);
}

// A rule is a template of its expressions: one of floats would ask them for their number.
template <class Rule, class G, class W, std::size_t... S>
requires(!requires { &Rule::rule; } && requires(const Rule& rule, G g, W w) {
  rule.rule(std::uint64_t{}, g, w, expr::operand<2 + S>{}...);
})
constexpr auto rule_with(const Rule& rule, std::uint64_t step, G g, W w, std::index_sequence<S...>)
    -> decltype(rule.rule(step, g, w, expr::operand<2 + S>{}...)) {
  return rule.rule(step, g, w, expr::operand<2 + S>{}...);
}
// A rule that is not const.
template <class Rule, std::size_t... S>
constexpr bool rule_may_change(std::index_sequence<S...>) {
  return !requires { &Rule::rule; } && requires(Rule& rule) {
    rule.rule(std::uint64_t{}, expr::operand<0>{}, expr::operand<1>{}, expr::operand<2 + S>{}...);
  };
}
// Slots, and behind them noise where the rule asks for it: the operands from 2 on.
template <class Rule>
using further_operands = std::make_index_sequence<slots_of<Rule>() + (asks_noise<Rule> ? 1 : 0)>;

template <class T>
inline constexpr std::size_t results_size = 0;
template <class... E>
inline constexpr std::size_t results_size<expr::results<E...>> = sizeof...(E);
template <class T>
inline constexpr bool results_of_one_number = true;
template <class... E>
inline constexpr bool results_of_one_number<expr::results<E...>> = (expr::Elementwise<E> && ...);
template <class T>
inline constexpr bool results_are_numbers = true;
template <class... E>
inline constexpr bool results_are_numbers<expr::results<E...>> = (expr::Numeric<E> && ...);
// A schedule sets it in the place of the rule.
template <class Rule>
inline constexpr bool learning_rate_is_float = true;
template <class Rule>
  requires requires(const Rule& rule) { rule.learning_rate; }
inline constexpr bool learning_rate_is_float<Rule> =
    std::is_same_v<decltype(std::declval<Rule&>().learning_rate), float>;

template <class Rule>
constexpr sentence rule_name() {
  if constexpr (requires { sentence(Rule::name); }) {
    return sentence(Rule::name);
  } else {
    return sentence("the optimizer");
  }
}

// What is missing for Rule to be an optimiser; empty where nothing is.
template <class Rule>
constexpr sentence optimizer_complaint() {
  using g = expr::operand<0>;
  using w = expr::operand<1>;
  if constexpr (!has_slots<Rule>) {
    return sentence("tesela: ")
           << rule_name<Rule>()
           << " does not say how many numbers it remembers of a parameter: add `static constexpr "
              "std::size_t slots = 0;`";
  } else if constexpr (!requires(const Rule& r) {
                         rule_with(r, std::uint64_t{}, g{}, w{}, further_operands<Rule>{});
                       }) {
    sentence all = sentence("tesela: ")
                   << rule_name<Rule>() << " has " << slots_of<Rule>()
                   << (slots_of<Rule>() == 1 ? " slot" : " slots")
                   << ", so it needs `auto rule(std::uint64_t step, auto g, auto w";
    for (std::size_t s = 0; s < slots_of<Rule>(); ++s) all << ", auto s" << s;
    if constexpr (rule_may_change<Rule>(further_operands<Rule>{})) {
      return sentence("tesela: the rule of ")
             << rule_name<Rule>()
             << " must be const, since it is a formula and keeps nothing: what changes from step to step is "
                "in its slots, and `step` counts";
    }
    return all << (asks_noise<Rule> ? ", auto noise" : "") << ") const`";
  } else if constexpr (results_size<decltype(rule_with(std::declval<const Rule&>(), std::uint64_t{},
                                                       g{}, w{}, further_operands<Rule>{}))> !=
                       slots_of<Rule>() + 1) {
    return sentence("tesela: the rule of ")
           << rule_name<Rule>() << " must return results of " << slots_of<Rule>() + 1
           << (slots_of<Rule>() == 0 ? " expression: the new parameter"
                                     : " expressions: the new parameter, then every slot anew");
  } else if constexpr (!learning_rate_is_float<Rule>) {
    return sentence("tesela: the learning_rate of ")
           << rule_name<Rule>() << " must be a float: write float learning_rate = 1e-3f;";
  } else if constexpr (!results_are_numbers<decltype(rule_with(std::declval<const Rule&>(),
                                                               std::uint64_t{}, g{}, w{},
                                                               further_operands<Rule>{}))>) {
    return sentence("tesela: the rule of ")
           << rule_name<Rule>() << " returns a condition: write where(condition, a, b)";
  } else if constexpr (!results_of_one_number<decltype(rule_with(std::declval<const Rule&>(),
                                                                 std::uint64_t{}, g{}, w{},
                                                                 further_operands<Rule>{}))>) {
    return sentence("tesela: the rule of ") << rule_name<Rule>() << " " << expr::no_reduction;
  } else {
    return {};
  }
}

}  // namespace detail

template <class T>
concept Optimizer = (detail::optimizer_complaint<T>().empty());

namespace detail {

template <class T>
void validate(const T& settings) {
  if constexpr (requires { settings.validate(); }) settings.validate();
}

// What the slots hold before the first step.
template <class Rule>
std::array<float, slots_of<Rule>()> initial_state(const Rule& rule) {
  if constexpr (requires { rule.initial_state(); }) {
    return rule.initial_state();
  } else {
    return {};
  }
}

// The settings that a schedule changes; nullptr where a rule has none.
template <class Rule>
float* learning_rate_of(Rule& rule) {
  if constexpr (requires { rule.learning_rate; }) {
    return &rule.learning_rate;
  } else {
    return nullptr;
  }
}
template <class Rule>
float* momentum_of(Rule& rule) {
  if constexpr (requires { rule.momentum; }) {
    return &rule.momentum;
  } else if constexpr (requires { rule.beta1; }) {
    return &rule.beta1;
  } else {
    return nullptr;
  }
}

}  // namespace detail

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/optim/optimizer.ipp"
#endif
