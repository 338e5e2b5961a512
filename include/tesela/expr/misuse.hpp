// SPDX-License-Identifier: MIT
// What can be wrong in a formula apart from shapes: habits of other libraries, each with its
// sentence. Every overload here is less specialised than the function of its name, or excludes what
// that takes.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/expr/expression.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela::expr {

namespace detail {

using tesela::detail::kind_of;
using tesela::detail::kinds_of;

// e += x of an expression or a constant, where a tensor that may change has its own operators.
template <class A, class B>
concept Unchangeable = MixesWith<std::remove_cvref_t<A>, B> &&
    (Numeric<A> || (Referable<A> && std::is_const_v<std::remove_reference_t<A>>));
template <text Operator, class E>
struct changed_expression {
  static constexpr sentence complaint =
      sentence("tesela: ")
      << Operator.view()
      << "= expects a tensor on its left that it may change, but gets an expression or a "
         "constant: write auto z = y "
      << Operator.view() << " x";
};

// x + v of a std::vector, or of a condition.
template <class A, class B>
concept MixesBadly = (Expression<A> || Referable<A> || Expression<B> || Referable<B>) &&
                     !MixesWith<A, B>;
template <text Operator, class A, class B>
struct mixed_with {
  static constexpr sentence complaint = [] {
    sentence words = sentence("tesela: ")
                     << Operator.view() << " expects tensors, expressions and numbers, but gets ";
    if constexpr (Condition<A> || Condition<B>) {
      return words << "a condition: write where(x > 0, 1, 0)";
    } else if constexpr (Operand<A>) {
      return words << kind_of<B>() << ": make it a tensor, as in tensor<3> t(std::span(v))";
    } else {
      return words << kind_of<A>() << ": make it a tensor, as in tensor<3> t(std::span(v))";
    }
  }();
};
template <class A, class B>
struct power_sign {
  static constexpr sentence complaint =
      "tesela: ^ is no power in C++: write pow(x, 2), or square(x)";
};

// sum(x, 1), as in PyTorch: a shape is a type, so axes are constants.
template <text Call, class... Given>
struct axes_as_arguments {
  static constexpr sentence complaint =
      sentence("tesela: ") << Call.view() << " expects its axes as constants: write " << Call.view()
                           << "<1>(x), or " << Call.view() << "(x) for all of them";
};
// sum<-1>(x), reshape<-1>(x).
template <auto... Axis>
inline constexpr bool any_negative = ((Axis < 0) || ...);
template <text Call, class A>
struct negative_axis {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Call.view()
                                        << " counts axes from 0, the first: the last one of shape "
                                        << shape_of<expression_of<A>>::name() << " is "
                                        << shape_of<expression_of<A>>::rank - 1;
};
template <class A>
struct negative_extent {
  static constexpr sentence complaint = sentence("tesela: reshape expects every extent, of ")
                                        << shape_of<expression_of<A>>::size
                                        << " numbers in all, and infers none: write reshape<"
                                        << shape_of<expression_of<A>>::size << ">(x)";
};

// A function of tensors, called as elsewhere.
template <class... Given>
concept TakesTensor = ((Expression<Given> || Referable<Given>) || ...);
template <text Call, text How, class... Given>
struct called_otherwise {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Call.view() << " expects " << How.view();
};

// One of these a function.
template <class... Given>
using no_matmul =
    called_otherwise<"matmul", "two tensors: write matmul(a, b), and a * 2 for a number", Given...>;
template <class... Given>
using no_transpose = called_otherwise<"transpose", "one matrix: write transpose(a)", Given...>;
template <class... Given>
using no_where =
    called_otherwise<"where", "a condition and two values: write where(x > 0, x, 0)", Given...>;
template <class... Given>
using no_clamp =
    called_otherwise<"clamp", "a value, the lowest and the highest: write clamp(x, -1, 1)", Given...>;
template <class... Given>
using no_slice =
    called_otherwise<"slice", "begin and extents: write slice<extents<0>, extents<2>>(x)", Given...>;
template <class... Given>
using no_expand =
    called_otherwise<"expand", "its extents as a type: write expand<extents<3, 4>>(x)", Given...>;
template <class... Given>
using no_reshape =
    called_otherwise<"reshape", "its extents as constants: write reshape<3, 4>(x)", Given...>;
template <class... Given>
using no_stop_gradient =
    called_otherwise<"stop_gradient", "one expression: write stop_gradient(x)", Given...>;

}  // namespace detail

template <std::size_t... Axis, Operand A, class... More>
  requires(sizeof...(More) > 0)
constexpr auto sum(const A&, const More&...) {
  return sizeof(tell<mistake_in<detail::axes_as_arguments<"sum", A, More...>>>());
}
template <std::size_t... Axis, Operand A, class... More>
  requires(sizeof...(More) > 0)
constexpr auto mean(const A&, const More&...) {
  return sizeof(tell<mistake_in<detail::axes_as_arguments<"mean", A, More...>>>());
}
template <std::size_t... Axis, Operand A, class... More>
  requires(sizeof...(More) > 0)
constexpr auto norm(const A&, const More&...) {
  return sizeof(tell<mistake_in<detail::axes_as_arguments<"norm", A, More...>>>());
}
template <std::size_t... Axis, Operand A, class... More>
  requires(sizeof...(More) > 0)
constexpr auto softmax(const A&, const More&...) {
  return sizeof(tell<mistake_in<detail::axes_as_arguments<"softmax", A, More...>>>());
}
template <std::size_t... Axis, Operand A, class... More>
  requires(sizeof...(More) > 0)
constexpr auto log_softmax(const A&, const More&...) {
  return sizeof(tell<mistake_in<detail::axes_as_arguments<"log_softmax", A, More...>>>());
}

template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto sum(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"sum", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto mean(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"mean", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto max(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"max", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto min(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"min", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto norm(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"norm", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto softmax(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"softmax", A>>>());
}
template <auto... Axis, Operand A>
  requires(detail::any_negative<Axis...>)
constexpr auto log_softmax(const A&) {
  return sizeof(tell<mistake_in<detail::negative_axis<"log_softmax", A>>>());
}
template <auto... Extent, Operand A>
  requires(detail::any_negative<Extent...>)
constexpr auto reshape(const A&) {
  return sizeof(tell<mistake_in<detail::negative_extent<A>>>());
}

template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto matmul(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_matmul<Given...>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto transpose(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_transpose<Given...>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto where(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_where<Given...>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto clamp(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_clamp<Given...>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto slice(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_slice<Given...>>>());
}
template <std::size_t... Number, Operand A>
  requires(sizeof...(Number) > 0)
constexpr auto slice(const A&) {
  return sizeof(tell<mistake_in<detail::no_slice<A>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto expand(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_expand<Given...>>>());
}
template <std::size_t... Number, Operand A>
  requires(sizeof...(Number) > 0)
constexpr auto expand(const A&) {
  return sizeof(tell<mistake_in<detail::no_expand<A>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto reshape(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_reshape<Given...>>>());
}
template <class... Given>
  requires detail::TakesTensor<Given...>
constexpr auto stop_gradient(const Given&...) {
  return sizeof(tell<mistake_in<detail::no_stop_gradient<Given...>>>());
}

template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator+(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<"+", A, B>>>());
}
template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator-(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<"-", A, B>>>());
}
template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator*(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<"*", A, B>>>());
}
template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator/(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<"/", A, B>>>());
}
template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator<(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<"<", A, B>>>());
}
template <class A, class B>
  requires detail::MixesBadly<A, B>
constexpr auto operator>(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::mixed_with<">", A, B>>>());
}
template <class A, class B>
  requires(Operand<A> || Operand<B>)
constexpr auto operator^(const A&, const B&) {
  return sizeof(tell<mistake_in<detail::power_sign<A, B>>>());
}

template <class A, class B>
  requires detail::Unchangeable<A, B>
constexpr auto operator+=(A&&, const B&) {
  return sizeof(tell<mistake_in<detail::changed_expression<"+", A>>>());
}
template <class A, class B>
  requires detail::Unchangeable<A, B>
constexpr auto operator-=(A&&, const B&) {
  return sizeof(tell<mistake_in<detail::changed_expression<"-", A>>>());
}
template <class A, class B>
  requires detail::Unchangeable<A, B>
constexpr auto operator*=(A&&, const B&) {
  return sizeof(tell<mistake_in<detail::changed_expression<"*", A>>>());
}
template <class A, class B>
  requires detail::Unchangeable<A, B>
constexpr auto operator/=(A&&, const B&) {
  return sizeof(tell<mistake_in<detail::changed_expression<"/", A>>>());
}

}  // namespace tesela::expr

namespace tesela {

using expr::operator+, expr::operator-, expr::operator*, expr::operator/, expr::operator<,
    expr::operator>, expr::operator^, expr::operator+=, expr::operator-=, expr::operator*=,
    expr::operator/=;
using expr::clamp, expr::where;

}  // namespace tesela
