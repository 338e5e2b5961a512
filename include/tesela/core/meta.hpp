// SPDX-License-Identifier: MIT
// The only door to Boost.Hana: lists of types, and how to look into them.
//
// Hana's basic_tuple finds an element by overload resolution on its indexed bases, so a look-up costs
// the same at any position and no list is ever peeled apart element by element.
#pragma once

#include <boost/hana/basic_tuple.hpp>
#include <boost/hana/type.hpp>

#include <cstddef>
#include <utility>

namespace tesela::meta {

namespace hana = boost::hana;

template <class... Types>
struct list {
  static constexpr std::size_t size = sizeof...(Types);
  using tuple = hana::basic_tuple<hana::basic_type<Types>...>;
};

namespace detail {
template <class List, std::size_t I>
struct element {
  using basic = std::remove_cvref_t<decltype(hana::at_c<I>(std::declval<typename List::tuple&>()))>;
  using type = typename basic::type;
};
}  // namespace detail

template <class List, std::size_t I>
using at = typename detail::element<List, I>::type;

namespace detail {
template <class Type>
struct last_so_far {
  using type = Type;
  template <class Next>
  friend constexpr last_so_far<Next> operator,(last_so_far, last_so_far<Next>) {
    return {};
  }
};
}  // namespace detail

// The last of several types, without a list: a network of n layers is built through n networks, and
// a list to look into for each of them is n * n / 2 elements for the compiler.
template <class First, class... Types>
using last =
    typename decltype((detail::last_so_far<First>{}, ..., detail::last_so_far<Types>{}))::type;

// Calls f(std::integral_constant<std::size_t, 0>{}), ... for N indices, first to last.
template <std::size_t N, class F>
constexpr void for_each_index(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::integral_constant<std::size_t, I>{}), ...);
  }(std::make_index_sequence<N>{});
}

// The same, last to first: the order of a backward pass.
template <std::size_t N, class F>
constexpr void for_each_index_backwards(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f(std::integral_constant<std::size_t, N - 1 - I>{}), ...);
  }(std::make_index_sequence<N>{});
}

}  // namespace tesela::meta
