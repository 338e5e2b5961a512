// SPDX-License-Identifier: MIT
// From an expression to a program: every different node once, in order.
//
//   program<Results...>     the nodes in an order in which operands come before their users
//   literals<Function>      what lift (expr/lift.hpp) makes, with the numbers as part of the type
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/expr/expression.hpp"
#include "tesela/expr/lift.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace tesela::expr {

// The operands of a node, as types.
template <class Node>
struct children_of {
  using type = meta::list<>;
};
template <class Op, class A>
struct children_of<unary<Op, A>> {
  using type = meta::list<A>;
};
template <class Op, class A, class B>
struct children_of<binary<Op, A, B>> {
  using type = meta::list<A, B>;
};
template <class Op, class A, class B, class C>
struct children_of<ternary<Op, A, B, C>> {
  using type = meta::list<A, B, C>;
};

namespace detail {

// Nodes seen so far; whether one is among them is a question of inheritance, not of a search.
template <class Node, std::size_t I>
struct numbered {};
template <class Indices, class... Node>
struct nodes_at;
template <std::size_t... I, class... Node>
struct nodes_at<std::index_sequence<I...>, Node...> : numbered<Node, I>... {};

template <class... Node>
struct node_list {
  static constexpr std::size_t size = sizeof...(Node);
};

template <class Node, std::size_t I>
constexpr std::size_t find(const numbered<Node, I>*) {
  return I;
}

template <class... Seen, class... Child>
constexpr auto visit_all(node_list<Seen...> seen, meta::list<Child...>);

template <class Node, class... Seen>
constexpr auto visit(node_list<Seen...> seen) {
  if constexpr ((std::is_same_v<Node, Seen> || ...)) {
    return seen;
  } else {
    auto below = visit_all(seen, typename children_of<Node>::type{});
    return []<class... N>(node_list<N...>) { return node_list<N..., Node>{}; }(below);
  }
}
template <class... Seen>
constexpr auto visit_all(node_list<Seen...> seen, meta::list<>) {
  return seen;
}
template <class... Seen, class Child, class... Rest>
constexpr auto visit_all(node_list<Seen...> seen, meta::list<Child, Rest...>) {
  return visit_all(visit<Child>(seen), meta::list<Rest...>{});
}
template <class... Root>
using nodes_below = decltype(visit_all(node_list<>{}, meta::list<Root...>{}));

// Whether Node occurs in E.
template <class Node, class... N>
constexpr bool occurs(node_list<N...>) {
  return (std::is_same_v<Node, N> || ...);
}

}  // namespace detail

// Whether a formula's call is a template, as with auto: of fixed types, such as float, it would ask
// expressions for their number.
template <class Function>
concept TakesExpressions = !requires { &Function::operator(); };

template <class E, class Node>
inline constexpr bool contains = detail::occurs<Node>(detail::nodes_below<E>{});

template <class... Root>
class program {
  using list = detail::nodes_below<Root...>;
  template <class... N>
  static detail::nodes_at<std::make_index_sequence<sizeof...(N)>, N...> map_of(
      detail::node_list<N...>);
  template <class... N>
  static meta::list<N...> list_of(detail::node_list<N...>);
  using map = decltype(map_of(list{}));

 public:
  static constexpr std::size_t results = sizeof...(Root);
  // All nodes, operands before users, and where one stands among them.
  using nodes = decltype(list_of(list{}));
  template <class Node>
  static constexpr std::size_t index = detail::find<Node>(static_cast<map*>(nullptr));
  static constexpr std::array<std::size_t, results> result_index{index<Root>...};
};

// E with every parameter<K> and array<K, ...> counted from First on.
template <class E, std::size_t First>
struct shifted {
  using type = E;
};
template <std::size_t K, std::size_t First>
struct shifted<parameter<K>, First> {
  using type = parameter<K + First>;
};
template <class Op, class A, std::size_t First>
  requires(First != 0)
struct shifted<unary<Op, A>, First> {
  using type = unary<Op, typename shifted<A, First>::type>;
};
template <class Op, class A, class B, std::size_t First>
  requires(First != 0)
struct shifted<binary<Op, A, B>, First> {
  using type = binary<Op, typename shifted<A, First>::type, typename shifted<B, First>::type>;
};
template <class Op, class A, class B, class C, std::size_t First>
  requires(First != 0)
struct shifted<ternary<Op, A, B, C>, First> {
  using type = ternary<Op, typename shifted<A, First>::type, typename shifted<B, First>::type,
                       typename shifted<C, First>::type>;
};

// E with To in the place of every From.
template <class E, class From, class To>
struct replaced {
  using type = std::conditional_t<std::is_same_v<E, From>, To, E>;
};
template <class E, class From, class To>
using replace = typename replaced<E, From, To>::type;
template <class Op, class A, class From, class To>
  requires(!std::is_same_v<unary<Op, A>, From>)
struct replaced<unary<Op, A>, From, To> {
  using type = unary<Op, replace<A, From, To>>;
};
template <class Op, class A, class B, class From, class To>
  requires(!std::is_same_v<binary<Op, A, B>, From>)
struct replaced<binary<Op, A, B>, From, To> {
  using type = binary<Op, replace<A, From, To>, replace<B, From, To>>;
};
template <class Op, class A, class B, class C, class From, class To>
  requires(!std::is_same_v<ternary<Op, A, B, C>, From>)
struct replaced<ternary<Op, A, B, C>, From, To> {
  using type = ternary<Op, replace<A, From, To>, replace<B, From, To>, replace<C, From, To>>;
};

namespace detail {
template <class Function, class Indices>
struct lifted_function;
template <class Function, std::size_t... I>
struct lifted_function<Function, std::index_sequence<I...>> {
  static constexpr auto value = lift(results(as_expression(Function{}(operand<I>{}...))));
  using expression = meta::at<typename std::remove_cv_t<decltype(value)>::list, 0>;
};

// E with literals for parameters 0 to Count - 1.
template <class Function, class E, std::size_t Count>
struct fixed {
  static constexpr float number = Function::value.numbers[Count - 1];
  using type = typename fixed<
      Function,
      replace<E, parameter<Count - 1>, literal<std::bit_cast<std::uint32_t>(number)>>,
      Count - 1>::type;
};
template <class Function, class E>
struct fixed<Function, E, 0> {
  using type = E;
};
}  // namespace detail

// The expression that a function without state makes of operand<0>, ..., operand<Operands - 1>, with its
// numbers as literals: a type that says everything.
template <class Function, std::size_t Operands,
          class Lifted = detail::lifted_function<Function, std::make_index_sequence<Operands>>>
using literals = typename detail::fixed<Lifted, typename Lifted::expression,
                                        Lifted::value.numbers.size()>::type;

}  // namespace tesela::expr
