// SPDX-License-Identifier: MIT
// Several expressions that one loop computes: what the rule of an optimiser returns.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/expr/expression.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela::expr {

// Several results of one loop: result I is written to output I. All operands are read before any
// result is written, so outputs may be inputs.
template <Expression... E>
struct results {
  static constexpr std::size_t size = sizeof...(E);
  meta::hana::basic_tuple<E...> expressions;
  constexpr explicit results(E... e) : expressions{e...} {}

  template <std::size_t I>
  constexpr const auto& get() const {
    return meta::hana::at_c<I>(expressions);
  }
};

namespace detail {
template <class Given>
struct result_of_no_expression {
  static constexpr sentence complaint =
      sentence("tesela: results(...) expects expressions, but gets ")
      << tesela::detail::kind_of<Given>()
      << ": write the rule for any expressions, as rule(std::uint64_t step, auto g, auto w)";
};
template <class Given>
struct refused_result : base {
  template <class T>
  constexpr refused_result(const T&) {
    (void)sizeof(tell<mistake_in<result_of_no_expression<Given>>>());
  }
};
template <class Given>
using result_or_refused = std::conditional_t<Expression<Given>, Given, refused_result<Given>>;
}  // namespace detail

template <class... Given>
  requires(!(Expression<Given> && ...))
results(const Given&...) -> results<detail::result_or_refused<Given>...>;

}  // namespace tesela::expr
