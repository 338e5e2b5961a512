// SPDX-License-Identifier: MIT
// Definitions of update_kernels.hpp.
#pragma once

#include "tesela/expr/program.hpp"
#include "tesela/optim/update.hpp"
#include "tesela/train/update_kernels.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>

namespace tesela {

namespace detail {

template <parameter_kind Kind, bool Slots, class Rule, class... Terms>
using update_program = decltype(expr::lift(parameter_update<Kind, Slots>(
    std::declval<const Rule&>(), 1, 1.0f, std::declval<const Terms&>()...)));

// f.template operator()<Kind, Slots>(); without penalties parameters are all the same.
template <class Rule, class... Terms, class F>
auto for_kind(parameter_kind kind, bool remembers, const F& f) {
  const auto with = [&]<bool Slots>() {
    if constexpr (((has_value<Terms> || has_after<Terms>) || ...)) {
      if (kind == parameter_kind::weight) {
        return f.template operator()<parameter_kind::weight, Slots>();
      }
      if (kind == parameter_kind::bias) return f.template operator()<parameter_kind::bias, Slots>();
    }
    return f.template operator()<parameter_kind::free, Slots>();
  };
  if constexpr (may_forget<Rule>) {
    if (!remembers) return with.template operator()<false>();
  }
  return with.template operator()<true>();
}

}  // namespace detail

template <class Isa, class Rule, class... Terms>
update_numbers update_kernels<Isa, Rule, Terms...>::numbers_of(parameter_kind kind, bool remembers,
                                                               const Rule& rule,
                                                               std::uint64_t step, float scale,
                                                               const std::tuple<Terms...>& terms) {
  return detail::for_kind<Rule, Terms...>(kind, remembers, [&]<parameter_kind Kind, bool Slots>() {
    const auto lifted = std::apply(
        [&](const auto&... t) {
          return expr::lift(parameter_update<Kind, Slots>(rule, step, scale, t...));
        },
        terms);
    static_assert(std::tuple_size_v<decltype(lifted.numbers)> <= std::tuple_size_v<update_numbers>,
                  "an update has at most 256 numbers in its formulas");
    update_numbers numbers{};
    std::copy(lifted.numbers.begin(), lifted.numbers.end(), numbers.begin());
    return numbers;
  });
}

template <class Isa, class Rule, class... Terms>
void update_kernels<Isa, Rule, Terms...>::run(parameter_kind kind, bool remembers,
                                              const update_numbers& numbers,
                                              const float* const (&inputs)[operands],
                                              float* const (&outputs)[1 + slots],
                                              std::size_t count) {
  detail::for_kind<Rule, Terms...>(kind, remembers, [&]<parameter_kind Kind, bool Slots>() {
    detail::update_program<Kind, Slots, Rule, Terms...> program;
    std::copy_n(numbers.begin(), program.numbers.size(), program.numbers.begin());
    if constexpr (Slots) {
      Isa::evaluate(program, inputs, outputs, count);
    } else {
      Isa::evaluate(program, {inputs[0], inputs[1]}, {outputs[0]}, count);
    }
  });
}

}  // namespace tesela
