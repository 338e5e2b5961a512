// SPDX-License-Identifier: MIT
// Derivatives of expressions over tensors: programs again, derived by the compiler.
//
//   auto loss     = mean(square(tanh(matmul(w, x) + b) - y));
//   auto [dw, db] = gradient(loss, w, b);                  // expressions: nothing is computed yet
//   auto [l, gw]  = evaluate(loss, dw);                    // one run, what is shared once
//   auto second   = gradient(sum(square(dw)), w);          // and again
//   auto slope    = derivative_along(loss, w, direction);  // forward mode
#pragma once

// First of all, so that compilers show a short way to the message of a mistake.
#include "tesela/expr/expression.hpp"
#include "tesela/expr/shaped.hpp"

#include "tesela/autodiff/derivative.hpp"
#include "tesela/autodiff/tensor.hpp"
#include "tesela/core/diagnostics.hpp"

#include <string_view>
#include <tuple>
#include <type_traits>

namespace tesela {

namespace detail {

template <class Variable>
struct variable_leaf;  // undefined: not a variable
template <text Name, std::size_t... E>
struct variable_leaf<variable<Name, E...>> {
  using type = expr::variable<Name, extents<E...>>;
  static constexpr sentence name() { return Name.view(); }
};

template <class Variable>
inline constexpr bool is_variable = requires { typename variable_leaf<Variable>::type; };

template <class Lifted, class Variable>
constexpr sentence gradient_complaint(std::string_view function) {
  using shape = expr::shape_of<Lifted>;
  if constexpr (!is_variable<Variable>) {
    return sentence("tesela: ") << function
                                << " expects variables after the loss, but gets something without a "
                                   "name: declare it as variable<\"w\",4,3>";
  } else if constexpr (shape::rank != 0) {
    return sentence("tesela: ") << function
           << " expects a loss that is a single number, but gets the shape " << shape::name() << ": end it with sum(...) or mean(...)";
  } else if constexpr (!expr::contains<Lifted, typename variable_leaf<Variable>::type>) {
    return sentence("tesela: ") << function << " by " << variable_leaf<Variable>::name()
                                            << ", but the loss does not contain this variable: its "
                                               "gradient would be zero everywhere";
  } else {
    return {};
  }
}

// The first complaint about any of the variables.
template <class Lifted, class... Variable>
constexpr sentence gradient_complaints(std::string_view function) {
  sentence first;
  if (sizeof...(Variable) == 0) {
    first << "tesela: " << function << " expects variables after the loss: write " << function
          << "(loss, w, ...)";
  }
  [[maybe_unused]] const auto look = [&](const sentence& one) {
    if (first.empty()) first = one;
  };
  (look(gradient_complaint<Lifted, Variable>(function)), ...);
  return first;
}

// Of derivative_along(expression, variable, direction).
template <class Lifted, class Variable, class Direction>
constexpr sentence direction_complaint() {
  if constexpr (!is_variable<Variable>) {
    return "tesela: derivative_along expects a variable after the expression: declare it as "
           "variable<\"w\",4,3>";
  } else if constexpr (!requires { typename Direction::shape_type; }) {
    return "tesela: derivative_along expects a tensor as direction, of the shape that the variable has";
  } else if constexpr (!std::is_same_v<typename Variable::shape_type, typename Direction::shape_type>) {
    return sentence("tesela: derivative_along expects a direction of the shape ")
           << Variable::shape_type::name() << ", as the variable has it, but gets "
           << Direction::shape_type::name();
  } else if constexpr (!expr::contains<Lifted, typename variable_leaf<Variable>::type>) {
    return sentence("tesela: derivative_along by ") << variable_leaf<Variable>::name()
                                                    << ", but the expression does not contain this variable";
  } else {
    return {};
  }
}

// gradient(w, loss), gradient([](auto w) { ... }, w) and the like.
template <class... Given>
struct gradient_call {
  static constexpr sentence complaint =
      sentence("tesela: gradient expects a loss, as an expression, and variables, but gets ")
      << kinds_of<Given...>() << ": write auto loss = sum(square(w)) and gradient(loss, w)";
};
template <expr::Numeric Loss, class... Variable>
struct gradient_call<Loss, Variable...> {
  static constexpr sentence complaint{};
};
// gradient(loss, {w, b}): what takes the braces.
struct listed_variables {
  template <class First, class Second, class... More>
  listed_variables(const First&, const Second&, const More&...) {}
};
template <class Loss>
struct gradient_by_list {
  static constexpr sentence complaint =
      "tesela: gradient expects variables without braces, since each has a type of its own: write "
      "auto [dw, db] = gradient(loss, w, b)";
};
template <class... Given>
struct direction_call {
  static constexpr sentence complaint =
      sentence(
          "tesela: derivative_along expects an expression, a variable and a direction, but gets ")
      << kinds_of<Given...>() << ": write derivative_along(loss, w, direction)";
};
template <expr::Numeric X, class Variable, class Direction>
struct direction_call<X, Variable, Direction> {
  static constexpr sentence complaint{};
};

template <class Loss, class Variable>
auto gradient_by(const Loss& loss) {
  using lifted = typename expr::detail::lifted<Loss, 0>::type;
  using leaf = typename variable_leaf<Variable>::type;
  using whole = decltype(expr::expand<expr::shape_of<leaf>>(autodiff::gradient_of<lifted, leaf>{}));
  return expr::derived<whole, Loss>{{}, loss};
}

}  // namespace detail

// The gradients of a single number by one or several variables: an expression of each one's shape. With
// several they come as a tuple.
template <expr::Numeric Loss, class... Variable>
auto gradient(const Loss& loss, const Variable&...) {
  constexpr bool told = (detail::is_refused<Variable> || ...);
  constexpr sentence complaint =
      told ? sentence()
           : detail::gradient_complaints<typename expr::detail::lifted<Loss, 0>::type, Variable...>(
                 "gradient");
  if constexpr (told && sizeof...(Variable) == 1) {
    return expr::scalar(0.0f);
  } else if constexpr (told) {
    return std::tuple{(static_cast<void>(sizeof(Variable)), expr::scalar(0.0f))...};
  } else if constexpr (!complaint.empty()) {
    return sizeof(tell<mistake_of<complaint>>());
  } else if constexpr (sizeof...(Variable) == 1) {
    return detail::gradient_by<Loss, Variable...>(loss);
  } else {
    return std::tuple{detail::gradient_by<Loss, Variable>(loss)...};
  }
}

template <class... Given>
  requires Wrong<detail::gradient_call<Given...>>
auto gradient(const Given&...) {
  return sizeof(tell<mistake_in<detail::gradient_call<Given...>>>());
}

template <class Loss>
auto gradient(const Loss&, const detail::listed_variables&) {
  return sizeof(tell<mistake_in<detail::gradient_by_list<Loss>>>());
}

// d/ds of an expression at w + s direction, in one pass forward: cheap where the result is large.
template <expr::Numeric X, class Variable, class Direction>
auto derivative_along(const X& expression, const Variable&, const Direction& direction) {
  using lifted = typename expr::detail::lifted<X, 0>::type;
  constexpr sentence complaint = detail::direction_complaint<lifted, Variable, Direction>();
  if constexpr (!complaint.empty()) {
    return sizeof(tell<mistake_of<complaint>>());
  } else {
    using to = std::remove_cv_t<decltype(direction.reference())>;
    using along = typename expr::detail::lifted<to, expr::detail::scalar_count<X>>::type;
    using leaf = typename detail::variable_leaf<Variable>::type;
    using change =
        decltype(expr::expand<expr::shape_of<lifted>>(autodiff::tangent_of<lifted, leaf, along>{}));
    return expr::derived<change, expr::both_of<X, to>>{{}, {{}, expression, direction.reference()}};
  }
}

template <class... Given>
  requires Wrong<detail::direction_call<Given...>>
auto derivative_along(const Given&...) {
  return sizeof(tell<mistake_in<detail::direction_call<Given...>>>());
}

}  // namespace tesela
