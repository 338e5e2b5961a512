// SPDX-License-Identifier: MIT
// Derivatives of elementwise expressions, derived on their types: nothing of this exists at run time.
//
// E and X are elementwise or tensors (expr/shaped.hpp); a gradient by a tensor has its shape, or a smaller
// one where it is the same in all elements.
//
//   pull<I>(y, g)               the rule of one node y: what its operand I receives of the gradient g of y
//   gradient_of<E, X, Seed>     reverse mode: d E / d X, times Seed; X may be any node of E
//   tangent_of<E, X, Seed>      forward mode: the same number, summed from X upwards
//
// Every rule is linear in g, so both modes share it. Where a rule can be written with the node's value y
// instead of its operand, it is: relu, tanh and sigmoid then need nothing else to go back.
#pragma once

#include "tesela/expr/expression.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela::autodiff {

namespace detail {

namespace op = expr::op;
using expr::binary, expr::ternary, expr::unary;
using expr::half, expr::one, expr::two, expr::zero;

// d y / d x times g, for y = f(x).
constexpr auto pull_unary(op::negate, auto, auto, auto g) { return -g; }
constexpr auto pull_unary(op::absolute, auto x, auto, auto g) { return g * sign(x); }
constexpr auto pull_unary(op::sign, auto, auto, auto) { return zero; }
constexpr auto pull_unary(op::square_root, auto, auto y, auto g) { return g * half / y; }
constexpr auto pull_unary(op::exp, auto, auto y, auto g) { return g * y; }
constexpr auto pull_unary(op::expm1, auto, auto y, auto g) { return g * (y + one); }
constexpr auto pull_unary(op::log, auto x, auto, auto g) { return g / x; }
constexpr auto pull_unary(op::log1p, auto x, auto, auto g) { return g / (one + x); }
constexpr auto pull_unary(op::sin, auto x, auto, auto g) { return g * cos(x); }
constexpr auto pull_unary(op::cos, auto x, auto, auto g) { return -(g * sin(x)); }
constexpr auto pull_unary(op::tanh, auto, auto y, auto g) { return g * (one - y * y); }
constexpr auto pull_unary(op::sigmoid, auto, auto y, auto g) { return g * (y * (one - y)); }
constexpr auto pull_unary(op::softplus, auto x, auto, auto g) { return g * sigmoid(x); }
constexpr auto pull_unary(op::tanh_softplus, auto x, auto, auto g) {
  return g * unary<op::tanh_softplus_slope, decltype(x)>(x);
}
// With t = tanh(softplus(x)) and s = sigmoid(x) the slope is (1 - t^2) s.
constexpr auto pull_unary(op::tanh_softplus_slope, auto x, auto y, auto g) {
  const auto s = sigmoid(x);
  return g * (y * ((one - s) - two * (tanh(softplus(x)) * s)));
}
template <text Name>
constexpr auto pull_unary(op::once<Name>, auto, auto, auto g) {
  return g;
}
// 2 / sqrt(pi) exp(-x^2)
constexpr auto pull_unary(op::erf, auto x, auto, auto g) {
  constexpr expr::literal<std::bit_cast<std::uint32_t>(1.12837916709551257390f)> factor;
  return g * (factor * exp(-(x * x)));
}
constexpr auto pull_unary(op::relu, auto, auto y, auto g) { return where(zero < y, g, zero); }

// Tensors. A gradient may have a smaller shape than what it belongs to: it is the same everywhere then.
template <std::size_t Axes>
constexpr auto pull_unary(op::sum<Axes>, auto, auto, auto g) {
  return g;
}
template <std::size_t Axes, class X>
constexpr auto pull_unary(op::largest<Axes>, X x, auto y, auto g) {
  const auto winners = where(x == y, one, zero);
  return winners * (g / expr::unary<op::sum<Axes>, std::remove_cv_t<decltype(winners)>>(winners));
}
template <class X, class Y>
constexpr auto pull_unary(op::transpose, X, Y, auto g) {
  return transpose(expr::expand<expr::shape_of<Y>>(g));
}
template <class E, class X>
constexpr auto pull_unary(op::reshape<E>, X, auto, auto g) {
  return expr::reshape<expr::shape_of<X>>(expr::expand<E>(g));
}
template <class E>
constexpr auto pull_unary(op::expand<E>, auto, auto, auto g) {
  return g;  // summed where it is fitted to x
}
template <class Begin, class E, class X>
constexpr auto pull_unary(op::slice<Begin, E>, X, auto, auto g) {
  const auto whole = expr::expand<E>(g);
  return expr::unary<op::pad<Begin, expr::shape_of<X>>, std::remove_cv_t<decltype(whole)>>(whole);
}
template <class Begin, class E, class X>
constexpr auto pull_unary(op::pad<Begin, E>, X, auto, auto g) {
  return expr::slice<Begin, expr::shape_of<X>>(expr::expand<E>(g));
}
constexpr auto pull_unary(op::constant, auto, auto, auto) { return zero; }
// C = A B:  dA = dC B^T,  dB = A^T dC.
template <std::size_t I, class Y>
constexpr auto pull_binary(op::matmul, auto a, auto b, Y, auto g) {
  const auto whole = expr::expand<expr::shape_of<Y>>(g);
  if constexpr (I == 0) {
    return matmul(whole, transpose(b));
  } else {
    return matmul(transpose(a), whole);
  }
}

template <class Shape, std::size_t... I>
tesela::extents<Shape::values[Shape::rank - sizeof...(I) + I]...> last_axes_of(
    std::index_sequence<I...>);
template <class Shape, std::size_t Rank>
using last_axes = decltype(last_axes_of<Shape>(std::make_index_sequence<Rank>{}));

// The sum over the axes along which an operand of shape X was stretched to a result of shape Y.
template <class X, class Y, class G>
constexpr auto fit(G g) {
  using shape = expr::shape_of<G>;
  constexpr std::size_t rank = Y::rank;
  // Along stretched axes: summed where g varies, otherwise counted.
  constexpr auto plan = [] {
    struct {
      std::size_t axes = 0, count = 1;
    } result;
    for (std::size_t i = 0; i < rank; ++i) {  // from the last axis
      const std::size_t from = tesela::detail::extent_from_end<X>(i);
      const std::size_t to = tesela::detail::extent_from_end<Y>(i);
      if (from == to) continue;
      if (tesela::detail::extent_from_end<shape>(i) == to) {
        result.axes |= std::size_t{1} << (shape::rank - 1 - i);
      } else {
        result.count *= to;
      }
    }
    return result;
  }();
  const auto counted = g * expr::whole<plan.count>;
  if constexpr (plan.axes == 0) {
    return counted;
  } else {
    const auto kept = expr::unary<op::sum<plan.axes>, std::remove_cv_t<decltype(counted)>>(counted);
    if constexpr (shape::rank > X::rank) {
      return expr::reshape<last_axes<expr::shape_of<decltype(kept)>, X::rank>>(kept);
    } else {
      return kept;
    }
  }
}

// The same for the operands 0 and 1 of y = f(a, b).
template <std::size_t I>
constexpr auto pull_binary(op::add, auto, auto, auto, auto g) {
  return g;
}
template <std::size_t I>
constexpr auto pull_binary(op::subtract, auto, auto, auto, auto g) {
  if constexpr (I == 0) {
    return g;
  } else {
    return -g;
  }
}
template <std::size_t I>
constexpr auto pull_binary(op::multiply, auto a, auto b, auto, auto g) {
  if constexpr (I == 0) {
    return g * b;
  } else {
    return g * a;
  }
}
template <std::size_t I>
constexpr auto pull_binary(op::divide, auto, auto b, auto y, auto g) {
  if constexpr (I == 0) {
    return g / b;
  } else {
    return -(g / b * y);  // shares the division with the other operand's rule
  }
}
// By a: b a^(b-1), 0 where b is 0. By b: y log(a), 0 where the base is 0 and y is finite, as in PyTorch.
template <std::size_t I>
constexpr auto pull_binary(op::power, auto a, auto b, auto y, auto g) {
  if constexpr (I == 0) {
    return where(b == zero, zero, g * (b * pow(a, b - one)));
  } else {
    return where(a == zero && zero <= b, zero, g * (y * log(a)));
  }
}
template <std::size_t I>
constexpr auto pull_binary(op::maximum, auto a, auto b, auto, auto g) {
  if constexpr (I == 0) {
    return where(a == b, half * g, where(b < a, g, zero));
  } else {
    return where(a == b, half * g, where(a < b, g, zero));
  }
}
template <std::size_t I>
constexpr auto pull_binary(op::minimum, auto a, auto b, auto, auto g) {
  if constexpr (I == 0) {
    return where(a == b, half * g, where(a < b, g, zero));
  } else {
    return where(a == b, half * g, where(b < a, g, zero));
  }
}
// A condition does not depend smoothly on anything.
template <std::size_t I, class Op>
  requires expr::is_condition<binary<Op, expr::zero_type, expr::zero_type>>
constexpr auto pull_binary(Op, auto, auto, auto, auto) {
  return zero;
}

}  // namespace detail

template <std::size_t I, class Op, class A>
constexpr auto pull(expr::unary<Op, A> y, auto g) {
  if constexpr (expr::is_condition<expr::unary<Op, A>>) {
    return expr::zero;
  } else {
    return detail::pull_unary(Op{}, y.a, y, g);
  }
}
template <std::size_t I, class Op, class A, class B>
constexpr auto pull(expr::binary<Op, A, B> y, auto g) {
  return detail::pull_binary<I>(Op{}, y.a, y.b, y, g);
}
template <std::size_t I, class C, class A, class B>
constexpr auto pull(expr::ternary<expr::op::select, C, A, B> y, auto g) {
  if constexpr (I == 0) {
    return expr::zero;
  } else if constexpr (I == 1) {
    return where(y.a, g, expr::zero);
  } else {
    return where(y.a, expr::zero, g);
  }
}

namespace detail {

// Whether a node's operands are stretched to its shape.
template <class Node>
inline constexpr bool stretches = expr::is_elementwise<Node>;
template <class E, class A>
inline constexpr bool stretches<expr::unary<op::expand<E>, A>> = true;

template <class Root, class Seed, class Nodes = expr::detail::nodes_below<Root>>
struct reverse;

template <class Root, class Seed, class... Node>
struct reverse<Root, Seed, expr::detail::node_list<Node...>> {
  // What X receives from one of its users.
  template <class X, class User>
  static constexpr auto from() {
    return from_operands<X, User>(typename expr::children_of<User>::type{});
  }
  template <class X, class User, class... Operand>
  static constexpr auto from_operands(meta::list<Operand...>) {
    if constexpr ((std::is_same_v<X, Operand> || ...)) {
      return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return (zero + ... + from_operand<X, User, Operand, I>());
      }(std::index_sequence_for<Operand...>{});
    } else {
      return zero;
    }
  }
  template <class X, class User, class Operand, std::size_t I>
  static constexpr auto from_operand() {
    if constexpr (std::is_same_v<X, Operand>) {
      const auto given = pull<I>(User{}, typename reverse::template adjoint<User>{});
      if constexpr (stretches<User> && !std::is_same_v<expr::shape_of<X>, expr::shape_of<User>>) {
        return fit<expr::shape_of<X>, expr::shape_of<User>>(given);
      } else {
        return given;
      }
    } else {
      return zero;
    }
  }
  template <class X>
  static constexpr auto sum() {
    if constexpr (std::is_same_v<X, Root>) {
      return Seed{};
    } else {
      return (zero + ... + from<X, Node>());
    }
  }
  template <class X>
  using adjoint = decltype(sum<X>());
};

// What is linear in its operand does the same to the operand's change.
template <std::size_t I, class Op, class A, class DX>
constexpr auto push(expr::unary<Op, A>, DX dx) {
  return expr::unary<Op, DX>(dx);
}
template <std::size_t I, std::size_t Axes, class A>
constexpr auto push(expr::unary<op::largest<Axes>, A> y, auto dx) {
  const auto winners = where(y.a == y, one, zero);
  const auto change = winners * dx;
  using total = expr::unary<op::sum<Axes>, std::remove_cv_t<decltype(change)>>;
  return total(change) / expr::unary<op::sum<Axes>, std::remove_cv_t<decltype(winners)>>(winners);
}
template <std::size_t I, class A, class B>
constexpr auto push(expr::binary<op::matmul, A, B> y, auto dx) {
  if constexpr (I == 0) {
    return matmul(dx, y.b);
  } else {
    return matmul(y.a, dx);
  }
}

template <class X, class Seed>
struct forward {
  template <class E>
  static constexpr auto sum() {
    if constexpr (std::is_same_v<E, X>) {
      return Seed{};
    } else {
      return sum_of<E>(typename expr::children_of<E>::type{});
    }
  }
  template <class E, class... Operand>
  static constexpr auto sum_of(meta::list<Operand...>) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (zero + ... + through<E, Operand, I>());
    }(std::index_sequence_for<Operand...>{});
  }
  template <class E, class Operand, std::size_t I>
  static constexpr auto through() {
    if constexpr (expr::contains<Operand, X>) {
      const auto dx = sum<Operand>();
      if constexpr (stretches<E>) {
        return pull<I>(E{}, dx);
      } else {
        return push<I>(E{}, expr::expand<expr::shape_of<Operand>>(dx));
      }
    } else {
      return zero;
    }
  }
};

}  // namespace detail

// E and X are lifted (expr/program.hpp): types without numbers in them.
template <class E, class X, class Seed = expr::one_type>
using gradient_of = typename detail::reverse<E, Seed>::template adjoint<X>;
template <class E, class X, class Seed = expr::one_type>
using tangent_of = decltype(detail::forward<X, Seed>::template sum<E>());

}  // namespace tesela::autodiff
