// SPDX-License-Identifier: MIT
// An expression apart from its numbers, so that equal types mean equal values and are computed once.
//
//   lift(results)       a type without numbers in it, and the numbers beside it
//   once<"name">(e)     all mentions of the name in an expression are one value
//
// Numbers that are known at run time are counted apart: of two copies of beta * m the types cannot tell
// that both hold the same beta. Where an expression with numbers is used twice, a name says so:
//
//   const auto mean = once<"mean">(beta * m + (1 - beta) * g);
//   return results(w - rate * mean / (sqrt(v) + epsilon), mean);
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/core/text.hpp"
#include "tesela/expr/expression.hpp"
#include "tesela/expr/results.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace tesela::expr {

namespace op {
// A value that is computed once; the operation itself changes nothing.
template <text Name>
struct once {
  static constexpr const char* name = "once";
};
}  // namespace op

// The K-th number of a lifted expression.
template <std::size_t K>
struct parameter : base {};

namespace detail {

// How many numbers (and tensors without a name) an expression holds.
template <class E>
inline constexpr std::size_t scalar_count = 0;
template <>
inline constexpr std::size_t scalar_count<scalar> = 1;
template <class Op, class A>
inline constexpr std::size_t scalar_count<unary<Op, A>> = scalar_count<A>;
template <class Op, class A, class B>
inline constexpr std::size_t scalar_count<binary<Op, A, B>> = scalar_count<A> + scalar_count<B>;
template <class Op, class A, class B, class C>
inline constexpr std::size_t scalar_count<ternary<Op, A, B, C>> =
    scalar_count<A> + scalar_count<B> + scalar_count<C>;

}  // namespace detail

// once<2>(x).
namespace detail {
template <class A>
struct once_without_name {
  static constexpr sentence complaint =
      "tesela: once expects a name, by which its value is known again: write once<\"root\">(sqrt(x))";
};
}  // namespace detail
template <text Name, Operand A>
  requires(Name.view().empty())
constexpr auto once(const A&) {
  return sizeof(tell<mistake_in<detail::once_without_name<A>>>());
}

// Without numbers nothing needs a name.
template <text Name, Operand A>
  requires(!Name.view().empty())
constexpr auto once(const A& a) {
  if constexpr (detail::scalar_count<expression_of<A>> == 0) {
    return as_expression(a);
  } else {
    return detail::make<op::once<Name>>(a);
  }
}

namespace detail {

// The type with parameter<First>, parameter<First + 1>, ... for its scalars, left to right.
template <class E, std::size_t First>
struct lifted {
  using type = E;
};
template <std::size_t First>
struct lifted<scalar, First> {
  using type = parameter<First>;
};
template <class Op, class A, std::size_t First>
struct lifted<unary<Op, A>, First> {
  using type = unary<Op, typename lifted<A, First>::type>;
};
template <class Op, class A, class B, std::size_t First>
struct lifted<binary<Op, A, B>, First> {
  using type = binary<Op, typename lifted<A, First>::type,
                      typename lifted<B, First + scalar_count<A>>::type>;
};
template <class Op, class A, class B, class C, std::size_t First>
struct lifted<ternary<Op, A, B, C>, First> {
  using type = ternary<Op, typename lifted<A, First>::type,
                       typename lifted<B, First + scalar_count<A>>::type,
                       typename lifted<C, First + scalar_count<A> + scalar_count<B>>::type>;
};

// Hands every leaf of an expression that `sink` takes to it, left to right.
template <class E, class Sink>
constexpr void collect(const E& e, Sink& sink) {
  if constexpr (requires { sink.take(e); }) {
    sink.take(e);
  } else {
    if constexpr (requires { e.a; }) collect(e.a, sink);
    if constexpr (requires { e.b; }) collect(e.b, sink);
    if constexpr (requires { e.c; }) collect(e.c, sink);
  }
}

// How many mentions of names an expression holds.
template <class E>
inline constexpr std::size_t once_count = 0;
template <class Op, class A>
inline constexpr std::size_t once_count<unary<Op, A>> = once_count<A>;
template <text Name, class A>
inline constexpr std::size_t once_count<unary<op::once<Name>, A>> = 1 + once_count<A>;
template <class Op, class A, class B>
inline constexpr std::size_t once_count<binary<Op, A, B>> = once_count<A> + once_count<B>;
template <class Op, class A, class B, class C>
inline constexpr std::size_t once_count<ternary<Op, A, B, C>> =
    once_count<A> + once_count<B> + once_count<C>;

// An object a type, to compare types by.
template <class T>
inline constexpr char identity_of = 0;

[[noreturn, gnu::cold]] inline void refuse_second_meaning(std::string_view name) {
#ifdef __cpp_exceptions
  throw usage_error("once<\"" + std::string(name) +
                    "\"> stands for two different values in one expression: give each its name");
#else  // a program without exceptions: its formulas are those of its layers
  static_cast<void>(name);
  std::abort();
#endif
}

// Collects numbers, and sees that a name is given to one value only.
template <std::size_t Names>
struct number_sink {
  struct mention {
    std::string_view name;
    const char* formula;
    const float *begin, *end;
  };
  float* to;
  std::array<mention, Names == 0 ? 1 : Names> seen{};
  std::size_t count = 0;

  constexpr void take(const scalar& s) { *to++ = s.value; }
  template <text Name, class A>
  constexpr void take(const unary<op::once<Name>, A>& e) {
    const float* const begin = to;
    collect(e.a, *this);
    const auto same_bits = [](float a, float b) {
      return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
    };
    for (std::size_t i = 0; i < count; ++i) {
      if (seen[i].name != Name.view()) continue;
      if (seen[i].formula != &identity_of<A> ||
          !std::equal(begin, static_cast<const float*>(to), seen[i].begin, seen[i].end, same_bits)) {
        refuse_second_meaning(Name.view());
      }
      return;
    }
    seen[count++] = {Name.view(), &identity_of<A>, begin, to};
  }
};

// What a name stands for: its first mention.
template <text Name, class A>
struct meaning {};
template <class... M>
struct meanings : M... {};
template <text Name, class A>
A stands_for(const meaning<Name, A>*);

template <class Known, class E>
struct gathered {
  using type = Known;
};
template <class Known, class Op, class A>
struct gathered<Known, unary<Op, A>> : gathered<Known, A> {};
template <class... M, text Name, class A>
struct gathered<meanings<M...>, unary<op::once<Name>, A>> {
  template <class... Inner>
  static auto with(meanings<Inner...>* known) {
    if constexpr (requires { stands_for<Name>(known); }) {
      return meanings<Inner...>{};
    } else {
      return meanings<Inner..., meaning<Name, A>>{};
    }
  }
  using inner = typename gathered<meanings<M...>, A>::type;
  using type = decltype(with(static_cast<inner*>(nullptr)));
};
template <class Known, class Op, class A, class B>
struct gathered<Known, binary<Op, A, B>> : gathered<typename gathered<Known, A>::type, B> {};
template <class Known, class Op, class A, class B, class C>
struct gathered<Known, ternary<Op, A, B, C>>
    : gathered<typename gathered<typename gathered<Known, A>::type, B>::type, C> {};

// E with the meaning of every name in the place of its mentions.
template <class Known, class E>
struct spelled_out {
  using type = E;
};
template <class Known, class Op, class A>
struct spelled_out<Known, unary<Op, A>> {
  using type = unary<Op, typename spelled_out<Known, A>::type>;
};
template <class Known, text Name, class A>
struct spelled_out<Known, unary<op::once<Name>, A>>
    : spelled_out<Known, decltype(stands_for<Name>(static_cast<Known*>(nullptr)))> {};
template <class Known, class Op, class A, class B>
struct spelled_out<Known, binary<Op, A, B>> {
  using type = binary<Op, typename spelled_out<Known, A>::type, typename spelled_out<Known, B>::type>;
};
template <class Known, class Op, class A, class B, class C>
struct spelled_out<Known, ternary<Op, A, B, C>> {
  using type = ternary<Op, typename spelled_out<Known, A>::type, typename spelled_out<Known, B>::type,
                       typename spelled_out<Known, C>::type>;
};

template <bool Named, class List>
struct spelled_out_list {
  using type = List;
};
template <class... E>
struct spelled_out_list<true, meta::list<E...>> {
  template <class Known>
  static Known known(meta::list<>);
  template <class Known, class First, class... Rest>
  static auto known(meta::list<First, Rest...>) {
    return known<typename gathered<Known, First>::type>(meta::list<Rest...>{});
  }
  using names = decltype(known<meanings<>>(meta::list<E...>{}));
  using type = meta::list<typename spelled_out<names, E>::type...>;
};

template <std::size_t First, class... E>
struct lifted_list;
template <std::size_t First>
struct lifted_list<First> {
  using type = meta::list<>;
};
template <std::size_t First, class E, class... Rest>
struct lifted_list<First, E, Rest...> {
  template <class... L>
  static meta::list<typename lifted<E, First>::type, L...> join(meta::list<L...>);
  using type = decltype(join(
      typename lifted_list<First + scalar_count<E>, Rest...>::type{}));
};

}  // namespace detail

// A program and the numbers of its parameters.
template <class List, std::size_t Numbers>
struct lifted_results {
  using list = List;
  // One more where there is none, since C++ has no empty arrays.
  std::array<float, Numbers == 0 ? 1 : Numbers> numbers{};
};

// The program of expressions that hold no numbers.
template <class... E>
using fixed_results = lifted_results<meta::list<E...>, 0>;

template <class... E>
constexpr auto lift(const results<E...>& all) {
  constexpr std::size_t names = (std::size_t{0} + ... + detail::once_count<E>);
  using list = typename detail::spelled_out_list<names != 0,
                                                 typename detail::lifted_list<0, E...>::type>::type;
  lifted_results<list, (std::size_t{0} + ... + detail::scalar_count<E>)> out;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    detail::number_sink<names> sink{out.numbers.data()};
    (detail::collect(all.template get<I>(), sink), ...);
  }(std::make_index_sequence<sizeof...(E)>{});
  return out;
}

}  // namespace tesela::expr
