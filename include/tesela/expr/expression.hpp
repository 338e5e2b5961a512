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

#include "tesela/core/config.hpp"
#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/expr/methods.hpp"
#include "tesela/shape/broadcast.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tesela::expr {

namespace detail {
template <int>
struct number_wanted {
  static constexpr sentence complaint =
      "tesela: an expression is computed later, so C++ has no number of it yet: write evaluate(x) "
      "for its value, where(x > 0, a, b) for if and ?:, and exp(x), sqrt(x), max(x, y) without std::";
};
template <class... Given>
struct no_element {
  static constexpr sentence complaint =
      "tesela: an expression is computed later and has no elements yet: write evaluate(x)[i], or "
      "inside a formula slice<extents<0>, extents<1>>(x)";
};
}  // namespace detail

// Of every node. Where C++ wants a number or a yes or no of an expression, its conversion says what
// to write, in the body, since fmt asks of what it prints whether it is convertible; a yes or no in
// the exception specification, since compilers read that where the conversion is used and a body at the
// end of the file. A template, so that it is read then only.
template <int Use>
struct node_base : no_methods {
  operator float() const { return sizeof(tell<mistake_in<detail::number_wanted<Use>>>()); }
  explicit operator bool() const
      noexcept(sizeof(tell<mistake_in<detail::number_wanted<Use>>>()) != 0);
  template <class Index>
  auto operator[](const Index&) const {
    return sizeof(tell<mistake_in<detail::no_element<Index>>>());
  }
};
using base = node_base<0>;

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

// An operation has the name by which people and `explain` know it.
namespace op {
// clang-format off
struct negate { static constexpr const char* name = "-"; };
struct absolute { static constexpr const char* name = "abs"; };
struct sign { static constexpr const char* name = "sign"; };  // -1, 0, 1; NaN stays
struct square_root { static constexpr const char* name = "sqrt"; };
struct exp { static constexpr const char* name = "exp"; };
struct expm1 { static constexpr const char* name = "expm1"; };  // exp(x) - 1
struct log { static constexpr const char* name = "log"; };
struct log1p { static constexpr const char* name = "log1p"; };  // log(1 + x)
struct sin { static constexpr const char* name = "sin"; };
struct cos { static constexpr const char* name = "cos"; };
struct tanh { static constexpr const char* name = "tanh"; };
struct sigmoid { static constexpr const char* name = "sigmoid"; };   // 1 / (1 + exp(-x))
struct softplus { static constexpr const char* name = "softplus"; };  // log(1 + exp(x))
struct tanh_softplus { static constexpr const char* name = "tanh_softplus"; };  // tanh(softplus(x))
struct tanh_softplus_slope { static constexpr const char* name = "tanh_softplus_slope"; };
struct erf { static constexpr const char* name = "erf"; };
struct relu { static constexpr const char* name = "relu"; };  // max(x, 0); NaN stays
struct add { static constexpr const char* name = "+"; };
struct subtract { static constexpr const char* name = "-"; };
struct multiply { static constexpr const char* name = "*"; };
struct divide { static constexpr const char* name = "/"; };
struct power { static constexpr const char* name = "pow"; };
struct maximum { static constexpr const char* name = "max"; };  // NaN on either side stays, as in PyTorch
struct minimum { static constexpr const char* name = "min"; };
struct less { static constexpr const char* name = "<"; };
struct less_equal { static constexpr const char* name = "<="; };
struct equal { static constexpr const char* name = "=="; };
struct both { static constexpr const char* name = "&&"; };
struct either { static constexpr const char* name = "||"; };
struct invert { static constexpr const char* name = "!"; };
struct select { static constexpr const char* name = "where"; };  // (condition, a, b): a where it holds, otherwise b
// clang-format on
}  // namespace op

template <class Op, class A>
struct unary : base {
  TESELA_NO_UNIQUE_ADDRESS A a;
  constexpr unary() = default;
  constexpr explicit unary(A a_) : a(a_) {}
};

template <class Op, class A, class B>
struct binary : base {
  TESELA_NO_UNIQUE_ADDRESS A a;
  TESELA_NO_UNIQUE_ADDRESS B b;
  constexpr binary() = default;
  constexpr binary(A a_, B b_) : a(a_), b(b_) {}
};

template <class Op, class A, class B, class C>
struct ternary : base {
  TESELA_NO_UNIQUE_ADDRESS A a;
  TESELA_NO_UNIQUE_ADDRESS B b;
  TESELA_NO_UNIQUE_ADDRESS C c;
  constexpr ternary() = default;
  constexpr ternary(A a_, B b_, C c_) : a(a_), b(b_), c(c_) {}
};

namespace detail {
// The shape of a node: a single number, unless it is made of tensors (expr/shaped.hpp).
template <class Op, class A>
struct unary_shape {
  using type = A;
};
template <class Op, class A, class B>
struct binary_shape : tesela::detail::broadcast<A, B> {};
template <class Node>
struct shape_of_node {
  using type = extents<>;
};
template <class Op, class A>
struct shape_of_node<unary<Op, A>> : unary_shape<Op, typename shape_of_node<A>::type> {};
template <class Op, class A, class B>
struct shape_of_node<binary<Op, A, B>>
    : binary_shape<Op, typename shape_of_node<A>::type, typename shape_of_node<B>::type> {};
template <class Op, class A, class B, class C>
struct shape_of_node<ternary<Op, A, B, C>>
    : tesela::detail::broadcast<typename tesela::detail::broadcast<
                                    typename shape_of_node<A>::type,
                                    typename shape_of_node<B>::type>::type,
                                typename shape_of_node<C>::type> {};
}  // namespace detail

template <class E>
using shape_of = typename detail::shape_of_node<std::remove_cvref_t<E>>::type;

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

// What is no expression but stands for one: a tensor refers to its numbers.
template <class T>
concept Referable = requires(const T& t) {
  { t.reference() } -> Expression;
};
template <class T>
concept Operand = Numeric<T> || Referable<T>;

}  // namespace tesela::expr

namespace tesela::detail {
template <expr::Expression T>
inline constexpr std::string_view what_is<T> = expr::Condition<T> ? "a condition" : "an expression";
template <expr::Referable T>
inline constexpr std::string_view what_is<T> = "a tensor";
}  // namespace tesela::detail

namespace tesela::expr {

// Numbers become scalars where they meet an expression.
template <Numeric E>
constexpr E as_expression(const E& e) {
  return e;
}
template <Referable T>
constexpr auto as_expression(const T& t) {
  return t.reference();
}
template <class Number>
  requires std::is_arithmetic_v<Number>
constexpr scalar as_expression(Number number) {
  return scalar(static_cast<float>(number));
}

template <class T>
using expression_of = decltype(as_expression(std::declval<const T&>()));

template <class A, class B>
concept MixesWith = (Operand<A> || Operand<B>) && requires(const A& a, const B& b) {
  as_expression(a);
  as_expression(b);
};

namespace detail {
template <class Op, class A>
constexpr auto make(const A& a) {
  return unary<Op, expression_of<A>>(as_expression(a));
}
template <class Op, class A, class B>
constexpr auto make(const A& a, const B& b) {
  using left = shape_of<expression_of<A>>;
  using right = shape_of<expression_of<B>>;
  if constexpr (tesela::detail::broadcasts<left, right>()) {
    return binary<Op, expression_of<A>, expression_of<B>>(as_expression(a), as_expression(b));
  } else {
    constexpr sentence complaint = tesela::detail::broadcast_complaint<left, right>(Op::name);
    return sizeof(tell<mistake_of<complaint>>());
  }
}
// a > b is b < a, but a mistake is told of what was written.
template <class Op, text Written, class A, class B>
constexpr auto make_turned(const A& a, const B& b) {
  constexpr sentence complaint =
      tesela::detail::broadcast_complaint<shape_of<expression_of<A>>, shape_of<expression_of<B>>>(
          Written.view());
  if constexpr (complaint.empty()) {
    return make<Op>(b, a);
  } else {
    return sizeof(tell<mistake_of<complaint>>());
  }
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

template <Operand A>
constexpr auto operator-(const A& a) {
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
constexpr auto operator+(const A& a, const B& b) {
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
constexpr auto operator-(const A& a, const B& b) {
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
constexpr auto operator*(const A& a, const B& b) {
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
constexpr auto operator/(const A& a, const B& b) {
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
constexpr auto operator<(const A& a, const B& b) {
  return detail::make<op::less>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator<=(const A& a, const B& b) {
  return detail::make<op::less_equal>(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator>(const A& a, const B& b) {
  return detail::make_turned<op::less, ">">(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator>=(const A& a, const B& b) {
  return detail::make_turned<op::less_equal, ">=">(a, b);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator==(const A& a, const B& b) {
  return detail::make<op::equal>(a, b);
}
template <Condition A>
constexpr auto operator!(A a) {
  return unary<op::invert, A>(a);
}
template <class A, class B>
  requires MixesWith<A, B>
constexpr auto operator!=(const A& a, const B& b) {
  return !(a == b);
}
namespace detail {
template <class Op, class A, class B>
constexpr auto join(A a, B b) {
  constexpr sentence complaint =
      tesela::detail::broadcast_complaint<shape_of<A>, shape_of<B>>(Op::name);
  if constexpr (complaint.empty()) {
    return binary<Op, A, B>(a, b);
  } else {
    return sizeof(tell<mistake_of<complaint>>());
  }
}
// Of a condition and what it chooses from.
template <class C, class A, class B>
constexpr sentence where_complaint() {
  constexpr sentence values = tesela::detail::broadcast_complaint<A, B>("where");
  if constexpr (!values.empty()) {
    return values;
  } else {
    return tesela::detail::broadcast_complaint<C, broadcast_of<A, B>>("where");
  }
}
}  // namespace detail
template <Condition A, Condition B>
constexpr auto operator&&(A a, B b) {
  return detail::join<op::both>(a, b);
}
template <Condition A, Condition B>
constexpr auto operator||(A a, B b) {
  return detail::join<op::either>(a, b);
}

// a where the condition holds, otherwise b.
template <Condition C, class A, class B>
  requires requires(A a, B b) {
    as_expression(a);
    as_expression(b);
  }
constexpr auto where(C condition, const A& a, const B& b) {
  if constexpr (detail::is<A, zero_type> && detail::is<B, zero_type>) {
    return zero;
  } else {
    using chosen = expression_of<A>;
    using otherwise = expression_of<B>;
    constexpr sentence complaint =
        detail::where_complaint<shape_of<C>, shape_of<chosen>, shape_of<otherwise>>();
    if constexpr (complaint.empty()) {
      return ternary<op::select, C, chosen, otherwise>(condition, as_expression(a), as_expression(b));
    } else {
      return sizeof(tell<mistake_of<complaint>>());
    }
  }
}

}  // namespace tesela::expr
