// SPDX-License-Identifier: MIT
// How shapes combine in elementwise mathematics, by NumPy's and PyTorch's rule.
//
// Shapes are aligned at their last axis; an extent of 1 and a missing axis stretch to the other's extent.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/shape/shape.hpp"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace tesela {

namespace detail {

// The extent of an axis counted from the last one; 1 where there is none.
template <class Shape>
constexpr std::size_t extent_from_end(std::size_t axis) {
  return axis < Shape::rank ? Shape::values[Shape::rank - 1 - axis] : 1;
}

template <class A, class B>
constexpr bool broadcasts() {
  for (std::size_t i = 0; i < (A::rank > B::rank ? A::rank : B::rank); ++i) {
    const std::size_t a = extent_from_end<A>(i), b = extent_from_end<B>(i);
    if (a != b && a != 1 && b != 1) return false;
  }
  return true;
}

template <class A, class B>
struct broadcast {
  static constexpr std::size_t rank = A::rank > B::rank ? A::rank : B::rank;
  static constexpr std::size_t extent(std::size_t axis) {
    const std::size_t a = extent_from_end<A>(rank - 1 - axis);
    const std::size_t b = extent_from_end<B>(rank - 1 - axis);
    return a == 1 ? b : a;
  }
  template <std::size_t... I>
  static extents<extent(I)...> make(std::index_sequence<I...>);
  using type = decltype(make(std::make_index_sequence<rank>{}));
};
template <class A>
struct broadcast<A, A> {
  using type = A;
};
template <class A>
  requires(A::rank != 0)
struct broadcast<A, extents<>> {
  using type = A;
};
template <class A>
  requires(A::rank != 0)
struct broadcast<extents<>, A> {
  using type = A;
};

template <class A, class B>
constexpr sentence broadcast_complaint(std::string_view what) {
  if constexpr (broadcasts<A, B>()) {
    return {};
  } else {
    return sentence("tesela: ") << what << " expects shapes that fit together, but gets " << A::name()
                                << " and " << B::name()
                                << ": extents, counted from the last axis, must be equal or 1";
  }
}

}  // namespace detail

template <class A, class B>
using broadcast_of = typename detail::broadcast<A, B>::type;

// Whether `From` becomes `To` by repetition along new axes and axes of extent 1.
template <class From, class To>
constexpr bool stretches() {
  return detail::broadcasts<From, To>() && std::is_same_v<broadcast_of<From, To>, To>;
}

}  // namespace tesela
