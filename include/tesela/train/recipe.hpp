// SPDX-License-Identifier: MIT
// What a run trains with, as text: optimiser, penalties and loss with their numbers.
//
// A run that goes on from a checkpoint ends with the bytes of one that was never interrupted only if all of
// this is as it was, so a checkpoint notes it and another trainer is refused. Numbers are found where they
// work, in the lifted formulas, so one's own rules, penalties and losses need to say nothing.
#pragma once

#include "tesela/data/compose.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/update.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tesela::detail {

template <class E>
[[gnu::cold]] void add_numbers(std::string& words, const E& formula) {
  const auto lifted = expr::lift(expr::results(expr::as_expression(formula)));
  for (std::size_t k = 0; k < expr::detail::scalar_count<E>; ++k) words += compose(" {}", lifted.numbers[k]);
}

template <class T>
std::string_view name_or_unnamed() {
  if constexpr (requires { T::name; }) {
    return T::name;
  } else {
    return "unnamed";
  }
}

// "learning_rate=0.01 momentum=0.9"; of noise, the first random word as well, for its seed.
template <class Rule>
[[gnu::cold]] std::string optimizer_settings(const Rule& rule) {
  std::string words;
  const auto add = [&](const std::string& one) { words += (words.empty() ? "" : " ") + one; };
  if constexpr (requires { rule.settings(); }) {
    for (const auto& [name, value] : rule.settings()) add(compose("{}={}", name, value));
  } else if constexpr (requires { rule.learning_rate; }) {
    add(compose("learning_rate={}", rule.learning_rate));
  }
  if constexpr (asks_noise<Rule>) add(compose("noise={}", rule.noise(1).bits(0)));
  return words;
}

// "l2 0.001; clip_norm 1"
template <class... Terms>
[[gnu::cold]] std::string terms_text(const Terms&... terms) {
  std::string words;
  [[maybe_unused]] const auto add = [&]<class Term>(const Term& term) {
    if (!words.empty()) words += "; ";
    words += name_or_unnamed<Term>();
    if constexpr (covers_biases<Term>()) words += " with_biases";
    if constexpr (has_value<Term>) add_numbers(words, term.value(parameter_operand{}));
    if constexpr (has_after<Term>) {
      add_numbers(words, term.after(parameter_operand{}, parameter_operand{}, 1.0f));
    }
    if constexpr (has_clip<Term>) add_numbers(words, term.clip(gradient_operand{}));
    // What a gradient of norm 2^20 is scaled to.
    if constexpr (has_scale<Term>) words += compose(" {}", term.scale(0x1p20) * 0x1p20f);
  };
  (add(terms), ...);
  return words;
}

// "huber 1", "cross_entropy 0.1 weights 1 2 3"
template <std::size_t Features, class L>
[[gnu::cold]] std::string loss_text(const L& loss) {
  std::string words(L::name().view());
  if constexpr (requires { L::sums; }) words += " summed";
  if constexpr (requires {
                  loss.formula(sample_outputs<Features>{}, sample_targets<Features>{});
                }) {
    add_numbers(words, loss.formula(sample_outputs<Features>{}, sample_targets<Features>{}));
  }
  if constexpr (requires { loss.label_smoothing; }) words += compose(" {}", loss.label_smoothing);
  if constexpr (requires { loss.class_weights; }) {
    if (!loss.class_weights.empty()) words += " weights";
    for (const float weight : loss.class_weights) words += compose(" {}", weight);
  }
  return words;
}

}  // namespace tesela::detail
