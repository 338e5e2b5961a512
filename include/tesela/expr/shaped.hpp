// SPDX-License-Identifier: MIT
// Tensors in expressions: nodes that know their shape, and the operations between shapes.
//
//   array<I, Extents>   the I-th array of a program      op::sum<Axes> ...   operations of the same nodes
//
// Everything elementwise broadcasts (shape/broadcast.hpp). A plain operand<I>, a scalar and a literal have
// the shape of a single number.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/expr/expression.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/misuse.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/shape/broadcast.hpp"
#include "tesela/shape/shape.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tesela::expr {

template <std::size_t I, class Extents>
struct array : base {};
// The same under a name: all mentions of it in a program are one.
template <text Name, class Extents>
struct variable : base {};

// A set of axes as bits, axis 0 being the lowest; `every_axis` reduces to a single number.
inline constexpr std::size_t every_axis = static_cast<std::size_t>(-1);

namespace op {
// Reduced axes stay, with extent 1; with every_axis none stays.
template <std::size_t Axes>
struct sum { static constexpr const char* name = "sum"; };
template <std::size_t Axes>
struct largest { static constexpr const char* name = "max"; };
struct matmul { static constexpr const char* name = "matmul"; };     // m x k, k x n
struct transpose { static constexpr const char* name = "transpose"; };  // of a matrix
template <class Extents>
struct reshape { static constexpr const char* name = "reshape"; };
template <class Extents>
struct expand { static constexpr const char* name = "expand"; };  // broadcasts to a shape
template <class Begin, class Extents>
struct slice { static constexpr const char* name = "slice"; };  // Extents elements from Begin on
template <class Begin, class Extents>
struct pad { static constexpr const char* name = "pad"; };  // zeros around, up to Extents: the way back of a slice
struct constant { static constexpr const char* name = "constant"; };  // the value, of which derivatives know nothing
}  // namespace op

namespace detail {

template <class A, std::size_t Axes>
struct kept_axes {
  template <std::size_t... I>
  static extents<((Axes >> I) & 1 ? 1 : A::values[I])...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<A::rank>{}));
};
template <class A>
struct kept_axes<A, every_axis> {
  using type = extents<>;
};
template <std::size_t Axes, class A>
struct unary_shape<op::sum<Axes>, A> : kept_axes<A, Axes> {};
template <std::size_t Axes, class A>
struct unary_shape<op::largest<Axes>, A> : kept_axes<A, Axes> {};
template <std::size_t Rows, std::size_t Columns>
struct unary_shape<op::transpose, extents<Rows, Columns>> {
  using type = extents<Columns, Rows>;
};
template <class E, class A>
struct unary_shape<op::reshape<E>, A> {
  using type = E;
};
template <class E, class A>
struct unary_shape<op::expand<E>, A> {
  using type = E;
};
template <class Begin, class E, class A>
struct unary_shape<op::slice<Begin, E>, A> {
  using type = E;
};
template <class Begin, class E, class A>
struct unary_shape<op::pad<Begin, E>, A> {
  using type = E;
};

template <std::size_t M, std::size_t K, std::size_t N>
struct binary_shape<op::matmul, extents<M, K>, extents<K, N>> {
  using type = extents<M, N>;
};

template <std::size_t I, class E>
struct shape_of_node<array<I, E>> {
  using type = E;
};
template <text Name, class E>
struct shape_of_node<variable<Name, E>> {
  using type = E;
};

}  // namespace detail

// Whether a node is computed element by element.
template <class Node>
inline constexpr bool is_elementwise = true;
template <std::size_t Axes, class A>
inline constexpr bool is_elementwise<unary<op::sum<Axes>, A>> = false;
template <std::size_t Axes, class A>
inline constexpr bool is_elementwise<unary<op::largest<Axes>, A>> = false;
template <class A>
inline constexpr bool is_elementwise<unary<op::transpose, A>> = false;
template <class E, class A>
inline constexpr bool is_elementwise<unary<op::reshape<E>, A>> = false;
template <class E, class A>
inline constexpr bool is_elementwise<unary<op::expand<E>, A>> = false;
template <class Begin, class E, class A>
inline constexpr bool is_elementwise<unary<op::slice<Begin, E>, A>> = false;
template <class Begin, class E, class A>
inline constexpr bool is_elementwise<unary<op::pad<Begin, E>, A>> = false;
template <class A, class B>
inline constexpr bool is_elementwise<binary<op::matmul, A, B>> = false;

// Whether all of an expression is. Of single numbers there is nothing to reduce: activations,
// penalties and rules, whose operands are single numbers, ask.
namespace detail {
template <class... Node>
constexpr bool all_elementwise(node_list<Node...>) {
  return (is_elementwise<Node> && ...);
}
}  // namespace detail
template <class E>
concept Elementwise = detail::all_elementwise(detail::nodes_below<std::remove_cvref_t<E>>{});
inline constexpr std::string_view no_reduction =
    "works on one number at a time, so it can have no sum, mean, max or softmax over several: "
    "write what "
    "becomes of one";

template <std::size_t K, class E, std::size_t First>
struct shifted<array<K, E>, First> {
  using type = array<K + First, E>;
};

// A whole number as part of the type.
template <std::size_t Number>
inline constexpr literal<std::bit_cast<std::uint32_t>(static_cast<float>(Number))> whole{};

namespace detail {

template <class Shape, std::size_t... Axis>
constexpr sentence axes_complaint() {
  if constexpr (((Axis >= Shape::rank) || ...)) {
    return sentence("tesela: a reduction expects axes below ")
           << Shape::rank << ", but gets axis "
           << [] {
                std::size_t wrong = 0;
                ((wrong = Axis >= Shape::rank ? Axis : wrong), ...);
                return wrong;
              }()
           << " of a tensor of shape " << Shape::name() << ": axes count from 0";
  } else if constexpr (sizeof...(Axis) !=
                       static_cast<std::size_t>(
                           std::popcount((std::size_t{0} | ... | (std::size_t{1} << Axis))))) {
    return "tesela: a reduction gets an axis twice: name every axis once, as in sum<0, 1>(x)";
  } else {
    return {};
  }
}

template <class Shape, std::size_t Axes>
struct without_axes {
  static constexpr std::size_t rank = [] {
    std::size_t left = 0;
    for (std::size_t i = 0; i < Shape::rank; ++i) left += (Axes >> i) & 1 ? 0u : 1u;
    return left;
  }();
  static constexpr std::size_t extent(std::size_t axis) {
    for (std::size_t i = 0;; ++i) {
      if ((Axes >> i) & 1) continue;
      if (axis-- == 0) return Shape::values[i];
    }
  }
  template <std::size_t... I>
  static extents<extent(I)...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<rank>{}));
};

// How many elements become one.
template <class Shape, std::size_t Axes>
constexpr std::size_t reduced_count() {
  std::size_t count = 1;
  for (std::size_t i = 0; i < Shape::rank; ++i) count *= (Axes >> i) & 1 ? Shape::values[i] : 1;
  return count;
}

template <template <std::size_t> class Op, std::size_t... Axis, class T>
constexpr auto reduce(const T& x) {
  const auto a = as_expression(x);
  using A = expression_of<T>;
  using shape = shape_of<A>;
  if constexpr (sizeof...(Axis) == 0) {
    return unary<Op<every_axis>, A>(a);
  } else {
    constexpr sentence complaint = axes_complaint<shape, Axis...>();
    if constexpr (!complaint.empty()) {
      return sizeof(tell<mistake_of<complaint>>());
    } else {
      constexpr std::size_t axes = ((std::size_t{1} << Axis) | ...);
      using kept = unary<Op<axes>, A>;
      return unary<op::reshape<typename without_axes<shape, axes>::type>, kept>(kept(a));
    }
  }
}

}  // namespace detail

// Over all axes, or over those named: sum(x), sum<1>(x). Axes count from 0; named axes vanish.
template <std::size_t... Axis, Operand A>
constexpr auto sum(const A& a) {
  return detail::reduce<op::sum, Axis...>(a);
}
template <std::size_t... Axis, Operand A>
constexpr auto mean(const A& a) {
  constexpr std::size_t axes = sizeof...(Axis) == 0 ? every_axis : ((std::size_t{1} << Axis) | ... | 0);
  return sum<Axis...>(a) / whole<detail::reduced_count<shape_of<expression_of<A>>, axes>()>;
}
// The largest element. Where several are equal they share the gradient, as in PyTorch's amax.
template <std::size_t... Axis, Operand A>
constexpr auto max(const A& a) {
  return detail::reduce<op::largest, Axis...>(a);
}
template <std::size_t... Axis, Operand A>
constexpr auto min(const A& a) {
  return -max<Axis...>(-a);
}
// sqrt(sum of squares); its gradient at 0 is NaN, as it is undefined.
template <std::size_t... Axis, Operand A>
constexpr auto norm(const A& a) {
  return sqrt(sum<Axis...>(square(a)));
}
// The sum of |x|, and the largest |x|.
template <std::size_t... Axis, Operand A>
constexpr auto l1_norm(const A& a) {
  return sum<Axis...>(abs(a));
}
template <std::size_t... Axis, Operand A>
constexpr auto max_norm(const A& a) {
  return max<Axis...>(abs(a));
}
// The value, taken for a constant by derivatives.
template <Operand A>
constexpr auto stop_gradient(const A& a) {
  return detail::make<op::constant>(a);
}

namespace detail {
// A reduction over all axes, or one that keeps those named with extent 1, so that it stretches again.
template <template <std::size_t> class Op, std::size_t... Axis, class A>
constexpr auto reduce_kept(const A& a) {
  constexpr sentence complaint = axes_complaint<shape_of<A>, Axis...>();
  if constexpr (!complaint.empty()) {
    return sizeof(tell<mistake_of<complaint>>());
  } else {
    return unary<Op<sizeof...(Axis) == 0 ? every_axis : ((std::size_t{1} << Axis) | ... | 0)>, A>(a);
  }
}
}  // namespace detail

// log(softmax(x)) over all elements, or along the axes named, without overflow: log_softmax<1>(x) of a
// matrix is that of every row.
template <std::size_t... Axis, Operand T>
constexpr auto log_softmax(const T& x) {
  const auto a = as_expression(x);
  const auto shifted = a - stop_gradient(detail::reduce_kept<op::largest, Axis...>(a));
  return shifted - log(detail::reduce_kept<op::sum, Axis...>(exp(shifted)));
}
template <std::size_t... Axis, Operand T>
constexpr auto softmax(const T& x) {
  const auto a = as_expression(x);
  const auto e = exp(a - stop_gradient(detail::reduce_kept<op::largest, Axis...>(a)));
  return e / detail::reduce_kept<op::sum, Axis...>(e);
}

namespace detail {
template <class A, class B>
constexpr sentence matmul_complaint() {
  if constexpr (A::rank == 2 && (B::rank == 1 || B::rank == 2)) {
    if constexpr (A::values[1] == B::values[0]) return {};
  }
  return sentence("tesela: matmul expects m x k and k x n (or k), but gets ")
         << A::name() << " and " << B::name()
         << ": the last extent of the first must be the first extent of the second";
}
}  // namespace detail

template <class Extents, Operand T>
constexpr auto reshape(const T& x) {
  const auto a = as_expression(x);
  using A = expression_of<T>;
  using from = shape_of<A>;
  if constexpr (from::size != Extents::size) {
    constexpr sentence complaint = sentence("tesela: reshape expects ")
                                   << from::size << " elements (" << from::name() << "), but gets "
                                   << Extents::size << " (" << Extents::name()
                                   << "): the number of elements must stay";
    return sizeof(tell<mistake_of<complaint>>());
  } else if constexpr (std::is_same_v<from, Extents>) {
    return a;
  } else {
    return unary<op::reshape<Extents>, A>(a);
  }
}
template <std::size_t... E, Operand A>
constexpr auto reshape(const A& a) {
  return reshape<extents<E...>>(a);
}

// The matrix product; a vector on the right is a column, and the result is a vector again.
template <Operand Left, Operand Right>
constexpr auto matmul(const Left& left, const Right& right) {
  const auto a = as_expression(left);
  const auto b = as_expression(right);
  using A = expression_of<Left>;
  using B = expression_of<Right>;
  constexpr sentence complaint = detail::matmul_complaint<shape_of<A>, shape_of<B>>();
  if constexpr (!complaint.empty()) {
    return sizeof(tell<mistake_of<complaint>>());
  } else if constexpr (shape_of<B>::rank == 1) {
    const auto column = reshape<shape_of<B>::size, 1>(b);
    return reshape<shape_of<A>::values[0]>(
        binary<op::matmul, A, std::remove_cv_t<decltype(column)>>(a, column));
  } else {
    return binary<op::matmul, A, B>(a, b);
  }
}
template <Operand T>
constexpr auto transpose(const T& x) {
  const auto a = as_expression(x);
  using A = expression_of<T>;
  using from = shape_of<A>;
  if constexpr (from::rank != 2) {
    constexpr sentence complaint = sentence("tesela: transpose expects a matrix, but gets the shape ")
                                   << from::name() << ": reshape it to two axes first";
    return sizeof(tell<mistake_of<complaint>>());
  } else if constexpr (requires { [](unary<op::transpose, decltype(a.a)>) {}(a); }) {
    return a.a;
  } else {
    return unary<op::transpose, A>(a);
  }
}
// `Shape` elements from `Begin` on, along every axis: slice<extents<0, 2>, extents<4, 3>>(x).
template <class Begin, class Extents, Operand T>
constexpr auto slice(const T& x) {
  const auto a = as_expression(x);
  using A = expression_of<T>;
  using from = shape_of<A>;
  constexpr bool fits = [] {
    if (Begin::rank != from::rank || Extents::rank != from::rank) return false;
    for (std::size_t i = 0; i < from::rank; ++i) {
      if (Extents::values[i] == 0 || Begin::values[i] + Extents::values[i] > from::values[i]) {
        return false;
      }
    }
    return true;
  }();
  if constexpr (!fits) {
    constexpr sentence complaint = sentence("tesela: slice expects a part of ")
                                   << from::name() << ", but gets " << Extents::name() << " from "
                                   << Begin::name() << " on: stay within the tensor, along every axis";
    return sizeof(tell<mistake_of<complaint>>());
  } else {
    return unary<op::slice<Begin, Extents>, A>(a);
  }
}
// The same numbers in a larger shape, repeated along new axes and axes of extent 1.
template <class Extents, Operand T>
constexpr auto expand(const T& x) {
  const auto a = as_expression(x);
  using A = expression_of<T>;
  using from = shape_of<A>;
  if constexpr (std::is_same_v<from, Extents>) {
    return a;
  } else if constexpr (stretches<from, Extents>()) {
    return unary<op::expand<Extents>, A>(a);
  } else {
    constexpr sentence complaint = sentence("tesela: expand expects a shape that ")
                                   << from::name() << " stretches to, but gets " << Extents::name()
                                   << ": extents, counted from the last axis, must be equal, or 1 before";
    return sizeof(tell<mistake_of<complaint>>());
  }
}

}  // namespace tesela::expr

namespace tesela {

using expr::expand, expr::l1_norm, expr::log_softmax, expr::matmul, expr::max, expr::max_norm, expr::mean, expr::min, expr::norm, expr::reshape, expr::slice,
    expr::softmax, expr::stop_gradient, expr::sum, expr::transpose;

}  // namespace tesela
