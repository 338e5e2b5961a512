// SPDX-License-Identifier: MIT
// Elementwise mathematics as a type: an expression computes nothing until a kernel evaluates it.
//
// operand<I> stands for the I-th input of a loop, `scalar` for a number known at run time. Nodes hold
// their operands by value, so an expression never dangles. The same expression is evaluated on SIMD
// vectors by kernel/evaluate-inl.hpp and on any scalar type (float, double, dual numbers) by
// kernel/reference.hpp, so the oracle and the kernel share one formula.
#pragma once

#include "tesela/core/meta.hpp"

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace tesela::expr {

struct base {};

template <class T>
concept Expression = std::is_base_of_v<base, std::remove_cvref_t<T>>;

template <std::size_t Index>
struct operand : base {};

struct scalar : base {
  float value;
  constexpr scalar(float v) : value(v) {}
};

namespace op {
struct negate {};
struct square_root {};
struct add {};
struct subtract {};
struct multiply {};
struct divide {};
struct maximum {};
struct select_positive {};  // (x, a, b): a where x > 0, otherwise b
}  // namespace op

template <class Op, class A>
struct unary : base {
  [[no_unique_address]] A a;
  constexpr explicit unary(A a_) : a(a_) {}
};

template <class Op, class A, class B>
struct binary : base {
  [[no_unique_address]] A a;
  [[no_unique_address]] B b;
  constexpr binary(A a_, B b_) : a(a_), b(b_) {}
};

template <class Op, class A, class B, class C>
struct ternary : base {
  [[no_unique_address]] A a;
  [[no_unique_address]] B b;
  [[no_unique_address]] C c;
  constexpr ternary(A a_, B b_, C c_) : a(a_), b(b_), c(c_) {}
};

// Numbers become scalars where they meet an expression.
template <Expression E>
constexpr E as_expression(E e) {
  return e;
}
constexpr scalar as_expression(std::floating_point auto number) {
  return scalar(static_cast<float>(number));
}

template <class T>
using expression_of = decltype(as_expression(std::declval<T>()));

template <class A, class B>
concept MixesWith = (Expression<A> || Expression<B>) && requires(A a, B b) {
  as_expression(a);
  as_expression(b);
};

template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator+(A a, B b) {
  return binary<op::add, expression_of<A>, expression_of<B>>(as_expression(a), as_expression(b));
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator-(A a, B b) {
  return binary<op::subtract, expression_of<A>, expression_of<B>>(as_expression(a),
                                                                  as_expression(b));
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator*(A a, B b) {
  return binary<op::multiply, expression_of<A>, expression_of<B>>(as_expression(a),
                                                                  as_expression(b));
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator/(A a, B b) {
  return binary<op::divide, expression_of<A>, expression_of<B>>(as_expression(a),
                                                                as_expression(b));
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto max(A a, B b) {
  return binary<op::maximum, expression_of<A>, expression_of<B>>(as_expression(a),
                                                                 as_expression(b));
}
template <Expression A>
constexpr auto operator-(A a) {
  return unary<op::negate, A>(a);
}
template <Expression A>
constexpr auto sqrt(A a) {
  return unary<op::square_root, A>(a);
}
// a where x > 0, otherwise b.
template <Expression X, class A, class B>
constexpr auto where_positive(X x, A a, B b) {
  return ternary<op::select_positive, X, expression_of<A>, expression_of<B>>(
      x, as_expression(a), as_expression(b));
}

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

}  // namespace tesela::expr
