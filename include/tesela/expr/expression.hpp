// SPDX-License-Identifier: MIT
// Elementwise mathematics as a type: an expression computes nothing until a kernel evaluates it.
//
//   operand<I>     the I-th input of a loop           scalar   a number known at run time
//   literal<...>   a number that is part of the type  unary, binary, ternary   an operation
//
// Nodes hold their operands by value, so an expression never dangles. The same expression is evaluated
// on SIMD vectors by kernel/evaluate-inl.hpp, over any number type by kernel/reference.hpp, and
// differentiated by autodiff/derivative.hpp: kernel, oracle and derivative share one formula.
//
// Operators simplify where a literal says that they may: x * 1 is x, x + 0 is x, x * 0 is 0. Only rules
// make literals; a number that a user writes is a scalar and stays what it is.
#pragma once

#include "tesela/core/meta.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
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

// The bits of a float, since not every compiler takes a float as a template argument.
template <std::uint32_t Bits>
struct literal : base {
  static constexpr float value = std::bit_cast<float>(Bits);
};

template <class T>
inline constexpr bool is_literal = false;
template <std::uint32_t Bits>
inline constexpr bool is_literal<literal<Bits>> = true;

using zero_type = literal<std::bit_cast<std::uint32_t>(0.0f)>;
using one_type = literal<std::bit_cast<std::uint32_t>(1.0f)>;
inline constexpr zero_type zero{};
inline constexpr one_type one{};
inline constexpr literal<std::bit_cast<std::uint32_t>(2.0f)> two{};
inline constexpr literal<std::bit_cast<std::uint32_t>(0.5f)> half{};
using minus_one_type = literal<std::bit_cast<std::uint32_t>(-1.0f)>;
inline constexpr minus_one_type minus_one{};

namespace op {
struct negate {};
struct absolute {};
struct sign {};  // -1, 0, 1; NaN stays
struct square_root {};
struct exp {};
struct expm1 {};  // exp(x) - 1
struct log {};
struct log1p {};  // log(1 + x)
struct sin {};
struct cos {};
struct tanh {};
struct sigmoid {};   // 1 / (1 + exp(-x))
struct softplus {};  // log(1 + exp(x))
struct erf {};
struct relu {};  // max(x, 0); NaN stays
struct add {};
struct subtract {};
struct multiply {};
struct divide {};
struct power {};
struct maximum {};  // NaN on either side stays, as in PyTorch
struct minimum {};
struct less {};
struct less_equal {};
struct equal {};
struct both {};
struct either {};
struct invert {};
struct select {};  // (condition, a, b): a where it holds, otherwise b
}  // namespace op

template <class Op, class A>
struct unary : base {
  [[no_unique_address]] A a;
  constexpr unary() = default;
  constexpr explicit unary(A a_) : a(a_) {}
};

template <class Op, class A, class B>
struct binary : base {
  [[no_unique_address]] A a;
  [[no_unique_address]] B b;
  constexpr binary() = default;
  constexpr binary(A a_, B b_) : a(a_), b(b_) {}
};

template <class Op, class A, class B, class C>
struct ternary : base {
  [[no_unique_address]] A a;
  [[no_unique_address]] B b;
  [[no_unique_address]] C c;
  constexpr ternary() = default;
  constexpr ternary(A a_, B b_, C c_) : a(a_), b(b_), c(c_) {}
};

// What is true or false in every element: the first operand of `where`.
template <class T>
inline constexpr bool is_condition = false;
template <class A>
inline constexpr bool is_condition<unary<op::invert, A>> = true;
template <class Op, class A, class B>
inline constexpr bool is_condition<binary<Op, A, B>> =
    std::is_same_v<Op, op::less> || std::is_same_v<Op, op::less_equal> ||
    std::is_same_v<Op, op::equal> || std::is_same_v<Op, op::both> || std::is_same_v<Op, op::either>;

template <class T>
concept Condition = is_condition<std::remove_cvref_t<T>>;
// An expression whose elements are numbers.
template <class T>
concept Numeric = Expression<T> && !Condition<T>;

// Numbers become scalars where they meet an expression.
template <Numeric E>
constexpr E as_expression(E e) {
  return e;
}
template <class Number>
  requires std::is_arithmetic_v<Number>
constexpr scalar as_expression(Number number) {
  return scalar(static_cast<float>(number));
}

template <class T>
using expression_of = decltype(as_expression(std::declval<T>()));

template <class A, class B>
concept MixesWith = (Numeric<A> || Numeric<B>) && requires(A a, B b) {
  as_expression(a);
  as_expression(b);
};

namespace detail {
template <class Op, class A>
constexpr auto make(A a) {
  return unary<Op, A>(a);
}
template <class Op, class A, class B>
constexpr auto make(A a, B b) {
  return binary<Op, expression_of<A>, expression_of<B>>(as_expression(a), as_expression(b));
}
template <class T, class Literal>
inline constexpr bool is = std::is_same_v<T, Literal>;
template <class A, class B>
inline constexpr bool literals = is_literal<A> && is_literal<B>;
template <float Value(float, float), class A, class B>
using folded = literal<std::bit_cast<std::uint32_t>(Value(A::value, B::value))>;
constexpr float sum_of(float a, float b) { return a + b; }
constexpr float difference_of(float a, float b) { return a - b; }
constexpr float product_of(float a, float b) { return a * b; }
}  // namespace detail

template <Numeric A>
constexpr auto operator-(A a) {
  if constexpr (is_literal<A>) {
    return detail::folded<detail::difference_of, zero_type, A>{};
  } else if constexpr (requires { [](unary<op::negate, decltype(a.a)>) {}(a); }) {
    return a.a;
  } else {
    return detail::make<op::negate>(a);
  }
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator+(A a, B b) {
  if constexpr (detail::is<A, zero_type>) {
    return as_expression(b);
  } else if constexpr (detail::is<B, zero_type>) {
    return as_expression(a);
  } else if constexpr (detail::literals<A, B>) {
    return detail::folded<detail::sum_of, A, B>{};
  } else {
    return detail::make<op::add>(a, b);
  }
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator-(A a, B b) {
  if constexpr (detail::is<B, zero_type>) {
    return as_expression(a);
  } else if constexpr (detail::is<A, zero_type>) {
    return -as_expression(b);
  } else if constexpr (detail::literals<A, B>) {
    return detail::folded<detail::difference_of, A, B>{};
  } else {
    return detail::make<op::subtract>(a, b);
  }
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator*(A a, B b) {
  if constexpr (detail::is<A, zero_type> || detail::is<B, zero_type>) {
    return zero;
  } else if constexpr (detail::is<A, one_type>) {
    return as_expression(b);
  } else if constexpr (detail::is<B, one_type>) {
    return as_expression(a);
  } else if constexpr (detail::literals<A, B>) {
    return detail::folded<detail::product_of, A, B>{};
  } else if constexpr (detail::is<A, minus_one_type>) {
    return -as_expression(b);
  } else if constexpr (detail::is<B, minus_one_type>) {
    return -as_expression(a);
  } else {
    return detail::make<op::multiply>(a, b);
  }
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator/(A a, B b) {
  if constexpr (detail::is<A, zero_type>) {
    return zero;
  } else if constexpr (detail::is<B, one_type>) {
    return as_expression(a);
  } else {
    return detail::make<op::divide>(a, b);
  }
}

template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator<(A a, B b) {
  return detail::make<op::less>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator<=(A a, B b) {
  return detail::make<op::less_equal>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator>(A a, B b) {
  return detail::make<op::less>(b, a);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator>=(A a, B b) {
  return detail::make<op::less_equal>(b, a);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator==(A a, B b) {
  return detail::make<op::equal>(a, b);
}
template <Condition A>
constexpr auto operator!(A a) {
  return unary<op::invert, A>(a);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator!=(A a, B b) {
  return !(a == b);
}
template <Condition A, Condition B>
constexpr auto operator&&(A a, B b) {
  return binary<op::both, A, B>(a, b);
}
template <Condition A, Condition B>
constexpr auto operator||(A a, B b) {
  return binary<op::either, A, B>(a, b);
}

// a where the condition holds, otherwise b.
template <Condition C, class A, class B>
  requires requires(A a, B b) {
    as_expression(a);
    as_expression(b);
  }
constexpr auto where(C condition, A a, B b) {
  if constexpr (detail::is<A, zero_type> && detail::is<B, zero_type>) {
    return zero;
  } else {
    return ternary<op::select, C, expression_of<A>, expression_of<B>>(condition, as_expression(a),
                                                                      as_expression(b));
  }
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
