// SPDX-License-Identifier: MIT
// The oracle for programs of tensors: every node as a plain loop over any scalar type T, nothing fused.
//
// Slow on purpose, and without sharing: for tests, for check_gradient, and for readers who want to know
// what a node means.
#pragma once

#include "tesela/expr/shaped.hpp"
#include "tesela/kernel/reference.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace tesela::reference {

// `leaf(node)` gives the elements of an array or variable, `number(k)` the k-th parameter, as T.
template <class T, class Leaf, class Number>
class tensor_evaluator {
 public:
  tensor_evaluator(const Leaf& leaf, const Number& number) : leaf_(leaf), number_(number) {}

  template <std::size_t I, class E>
  std::vector<T> operator()(expr::array<I, E> node) const {
    return leaf_(node);
  }
  template <text Name, class E>
  std::vector<T> operator()(expr::variable<Name, E> node) const {
    return leaf_(node);
  }
  template <std::size_t K>
  std::vector<T> operator()(expr::parameter<K>) const {
    return {number_(K)};
  }
  template <std::uint32_t Bits>
  std::vector<T> operator()(expr::literal<Bits> l) const {
    return {T(l.value)};
  }

  template <class Op, class A>
  auto operator()(expr::unary<Op, A> node) const {
    using to = expr::shape_of<expr::unary<Op, A>>;
    using from = expr::shape_of<A>;
    const auto x = (*this)(node.a);
    std::vector<std::conditional_t<expr::is_condition<expr::unary<Op, A>>, bool, T>> y(to::size);
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = operations{}(Op{}, x[stretched<from, to>(i)]);
    return y;
  }
  template <std::size_t Axes, class A>
  std::vector<T> operator()(expr::unary<expr::op::sum<Axes>, A> node) const {
    return reduce<expr::shape_of<decltype(node)>, expr::shape_of<A>>(
        (*this)(node.a), [](const T& a, const T& b) { return a + b; });
  }
  template <std::size_t Axes, class A>
  std::vector<T> operator()(expr::unary<expr::op::largest<Axes>, A> node) const {
    return reduce<expr::shape_of<decltype(node)>, expr::shape_of<A>>(
        (*this)(node.a),
        [](const T& a, const T& b) { return operations{}(expr::op::maximum{}, a, b); });
  }
  template <class A>
  std::vector<T> operator()(expr::unary<expr::op::transpose, A> node) const {
    constexpr std::size_t rows = expr::shape_of<A>::values[0], columns = expr::shape_of<A>::values[1];
    const std::vector<T> x = (*this)(node.a);
    std::vector<T> y;
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t r = 0; r < rows; ++r) y.push_back(x[r * columns + c]);
    }
    return y;
  }
  template <class E, class A>
  std::vector<T> operator()(expr::unary<expr::op::reshape<E>, A> node) const {
    return (*this)(node.a);
  }
  template <class E, class A>
  std::vector<T> operator()(expr::unary<expr::op::expand<E>, A> node) const {
    const std::vector<T> x = (*this)(node.a);
    std::vector<T> y;
    for (std::size_t i = 0; i < E::size; ++i) y.push_back(x[stretched<expr::shape_of<A>, E>(i)]);
    return y;
  }
  template <class A>
  std::vector<T> operator()(expr::unary<expr::op::constant, A> node) const {
    return (*this)(node.a);
  }
  template <class Begin, class E, class A>
  std::vector<T> operator()(expr::unary<expr::op::slice<Begin, E>, A> node) const {
    const std::vector<T> x = (*this)(node.a);
    std::vector<T> y;
    for (std::size_t i = 0; i < E::size; ++i) y.push_back(x[within<Begin, E, expr::shape_of<A>>(i)]);
    return y;
  }
  template <class Begin, class E, class A>
  std::vector<T> operator()(expr::unary<expr::op::pad<Begin, E>, A> node) const {
    using part = expr::shape_of<A>;
    const std::vector<T> x = (*this)(node.a);
    std::vector<T> y(E::size, T(0));
    for (std::size_t i = 0; i < part::size; ++i) y[within<Begin, part, E>(i)] = x[i];
    return y;
  }

  template <class Op, class A, class B>
  auto operator()(expr::binary<Op, A, B> node) const {
    using node_type = expr::binary<Op, A, B>;
    using to = expr::shape_of<node_type>;
    const auto a = (*this)(node.a);
    const auto b = (*this)(node.b);
    std::vector<std::conditional_t<expr::is_condition<node_type>, bool, T>> y(to::size);
    for (std::size_t i = 0; i < y.size(); ++i) {
      y[i] = operations{}(Op{}, a[stretched<expr::shape_of<A>, to>(i)],
                          b[stretched<expr::shape_of<B>, to>(i)]);
    }
    return y;
  }
  template <class A, class B>
  std::vector<T> operator()(expr::binary<expr::op::matmul, A, B> node) const {
    constexpr std::size_t m = expr::shape_of<A>::values[0], k = expr::shape_of<A>::values[1];
    constexpr std::size_t n = expr::shape_of<B>::values[1];
    const std::vector<T> a = (*this)(node.a), b = (*this)(node.b);
    std::vector<T> c(m * n, T(0));
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        for (std::size_t p = 0; p < k; ++p) c[i * n + j] = c[i * n + j] + a[i * k + p] * b[p * n + j];
      }
    }
    return c;
  }
  template <class Op, class A, class B, class C>
  std::vector<T> operator()(expr::ternary<Op, A, B, C> node) const {
    using to = expr::shape_of<expr::ternary<Op, A, B, C>>;
    const auto a = (*this)(node.a);
    const auto b = (*this)(node.b);
    const auto c = (*this)(node.c);
    std::vector<T> y;
    for (std::size_t i = 0; i < to::size; ++i) {
      y.push_back(operations{}(Op{}, static_cast<bool>(a[stretched<expr::shape_of<A>, to>(i)]),
                               b[stretched<expr::shape_of<B>, to>(i)],
                               c[stretched<expr::shape_of<C>, to>(i)]));
    }
    return y;
  }

 private:
  // Where element i of shape To is found in shape From, which stretches to it.
  template <class From, class To>
  static std::size_t stretched(std::size_t i) {
    std::size_t at = 0, stride = 1;
    for (std::size_t k = 0; k < To::rank; ++k) {
      const std::size_t position = i % To::values[To::rank - 1 - k];
      i /= To::values[To::rank - 1 - k];
      if (k < From::rank) {
        const std::size_t extent = From::values[From::rank - 1 - k];
        if (extent != 1) at += position * stride;
        stride *= extent;
      }
    }
    return at;
  }
  // Where element i of a part lies in the whole.
  template <class Begin, class Part, class Whole>
  static std::size_t within(std::size_t i) {
    std::size_t at = 0, stride = 1;
    for (std::size_t k = Part::rank; k-- > 0;) {
      at += (Begin::values[k] + i % Part::values[k]) * stride;
      i /= Part::values[k];
      stride *= Whole::values[k];
    }
    return at;
  }
  // Reduced axes have extent 1 in To, or are all gone.
  template <class To, class From, class F>
  static std::vector<T> reduce(const std::vector<T>& x, const F& f) {
    std::vector<T> y(To::size, T(0));
    std::vector<bool> seen(To::size, false);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t at = stretched<To, From>(i);
      y[at] = seen[at] ? f(y[at], x[i]) : x[i];
      seen[at] = true;
    }
    return y;
  }

  const Leaf& leaf_;
  const Number& number_;
};

template <class T, class Node, class Leaf, class Number>
std::vector<T> evaluate_tensors(Node node, const Leaf& leaf, const Number& number) {
  return tensor_evaluator<T, Leaf, Number>(leaf, number)(node);
}

}  // namespace tesela::reference
