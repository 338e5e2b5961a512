// SPDX-License-Identifier: MIT
// The oracle: every operator as plain loops over any scalar type T, forward only, in PyTorch's layouts.
//
// A sample is channels x height x width, weights are [out][in] or [out][in][row][column]. T is float,
// double, long double, std::complex<double> or a dual number: a complex step or a dual number makes the
// same loops exact derivatives, so no backward pass is written here that could share a kernel's
// mistake. Wherever numbers are compared, their real parts are.
//
// Slow on purpose; for tests and for readers who want to know what a kernel means.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/expr/expression.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace tesela::reference {

// The real part of a complex or dual number, otherwise the number itself.
template <class T>
constexpr auto real_part(const T& x) {
  if constexpr (requires { x.real(); }) {
    return x.real();
  } else {
    return x;
  }
}

template <class T>
constexpr bool is_nan(const T& x) {
  return real_part(x) != real_part(x);
}

// An expression of kernel/evaluate-inl.hpp over T. A class, so that every overload sees every other.
template <class T, std::size_t Operands>
struct evaluator {
  const std::array<T, Operands>& in;

  template <std::size_t I>
  constexpr T operator()(const expr::operand<I>&) const {
    return in[I];
  }
  constexpr T operator()(const expr::scalar& s) const { return T(s.value); }
  template <class A>
  constexpr T operator()(const expr::unary<expr::op::negate, A>& e) const {
    return -(*this)(e.a);
  }
  template <class A>
  constexpr T operator()(const expr::unary<expr::op::square_root, A>& e) const {
    using std::sqrt;
    return sqrt((*this)(e.a));
  }
  template <class A, class B>
  constexpr T operator()(const expr::binary<expr::op::add, A, B>& e) const {
    return (*this)(e.a) + (*this)(e.b);
  }
  template <class A, class B>
  constexpr T operator()(const expr::binary<expr::op::subtract, A, B>& e) const {
    return (*this)(e.a) - (*this)(e.b);
  }
  template <class A, class B>
  constexpr T operator()(const expr::binary<expr::op::multiply, A, B>& e) const {
    return (*this)(e.a) * (*this)(e.b);
  }
  template <class A, class B>
  constexpr T operator()(const expr::binary<expr::op::divide, A, B>& e) const {
    return (*this)(e.a) / (*this)(e.b);
  }
  // A NaN on the left stays. Of equal numbers the right one is taken, which makes the derivative of
  // relu = max(x, 0) zero at zero, as it is in PyTorch.
  template <class A, class B>
  constexpr T operator()(const expr::binary<expr::op::maximum, A, B>& e) const {
    const T a = (*this)(e.a), b = (*this)(e.b);
    return real_part(a) <= real_part(b) ? b : a;
  }
  template <class X, class A, class B>
  constexpr T operator()(const expr::ternary<expr::op::select_positive, X, A, B>& e) const {
    return real_part((*this)(e.a)) > 0 ? (*this)(e.b) : (*this)(e.c);
  }
};

template <class T, std::size_t Operands, expr::Expression E>
constexpr T evaluate(const E& expression, const std::array<T, Operands>& in) {
  return evaluator<T, Operands>{in}(expression);
}

// All results of one loop turn, such as an optimiser's rule: new parameter, new state.
template <class T, std::size_t Operands, class... E>
constexpr std::array<T, sizeof...(E)> evaluate(const expr::results<E...>& results,
                                               const std::array<T, Operands>& in) {
  std::array<T, sizeof...(E)> out{};
  meta::for_each_index<sizeof...(E)>(
      [&](auto r) { out[r()] = evaluate(results.template get<r()>(), in); });
  return out;
}

// y[o] = b[o] + sum over i of w[o][i] x[i].
template <class T>
std::vector<T> linear(std::span<const T> x, std::span<const T> w, std::span<const T> b) {
  std::vector<T> y(b.begin(), b.end());
  for (std::size_t o = 0; o < y.size(); ++o) {
    for (std::size_t i = 0; i < x.size(); ++i) y[o] = y[o] + w[o * x.size() + i] * x[i];
  }
  return y;
}

// y[o][i][j] = b[o] + sum over c, r, s of w[o][c][r][s] x[c][i stride + r - padding][...], x = 0 outside.
template <class T>
std::vector<T> conv2d(const convolution& g, std::span<const T> x, std::span<const T> w,
                      std::span<const T> b) {
  const std::size_t k = g.kernel;
  std::vector<T> y;
  for (std::size_t o = 0; o < g.out.channels; ++o) {
    for (std::size_t i = 0; i < g.out.height; ++i) {
      for (std::size_t j = 0; j < g.out.width; ++j) {
        T sum = b[o];
        for (std::size_t c = 0; c < g.in.channels; ++c) {
          for (std::size_t r = 0; r < k; ++r) {
            for (std::size_t s = 0; s < k; ++s) {
              // Before the first row or column the difference wraps to a huge one.
              const std::size_t row = i * g.stride + r - g.padding;
              const std::size_t column = j * g.stride + s - g.padding;
              if (row >= g.in.height || column >= g.in.width) continue;
              sum = sum + w[((o * g.in.channels + c) * k + r) * k + s] *
                              x[(c * g.in.height + row) * g.in.width + column];
            }
          }
        }
        y.push_back(sum);
      }
    }
  }
  return y;
}

// The largest of each window: the first of equals, and a NaN wins. `winners`, where given, receives
// its position in the window, row-major.
template <class T>
std::vector<T> max_pool2d(const pooling& g, std::span<const T> x,
                          std::vector<std::uint8_t>* winners = nullptr) {
  std::vector<T> y;
  for (std::size_t c = 0; c < g.in.channels; ++c) {
    for (std::size_t i = 0; i < g.out.height; ++i) {
      for (std::size_t j = 0; j < g.out.width; ++j) {
        const std::size_t corner = (c * g.in.height + i * g.stride) * g.in.width + j * g.stride;
        std::size_t winner = 0;
        T best = x[corner];
        for (std::size_t at = 1; at < g.kernel * g.kernel; ++at) {
          const T v = x[corner + at / g.kernel * g.in.width + at % g.kernel];
          if (real_part(v) > real_part(best) || is_nan(v)) {
            best = v;
            winner = at;
          }
        }
        y.push_back(best);
        if (winners != nullptr) winners->push_back(static_cast<std::uint8_t>(winner));
      }
    }
  }
  return y;
}

// -log(softmax(logits)[label]) = log(sum over c of exp(z_c - m)) + m - z_label, m the largest real part.
template <class T>
T cross_entropy(std::span<const T> logits, std::size_t label) {
  using std::exp, std::log;
  auto largest = real_part(logits[0]);
  for (const T& z : logits) largest = real_part(z) > largest ? real_part(z) : largest;
  T sum = T(0);
  for (const T& z : logits) sum = sum + exp(z - T(largest));
  return log(sum) + T(largest) - logits[label];
}

// A network's tensors in the order of its state_dict: weight, bias, weight, bias, ...
template <class T>
using parameters = std::vector<std::vector<T>>;

template <class T>
parameters<T> parameters_of(std::span<const named_tensor> state_dict) {
  parameters<T> all;
  for (const named_tensor& tensor : state_dict) {
    all.emplace_back(tensor.values.begin(), tensor.values.end());
  }
  return all;
}

// One sample through a whole network, layer by layer, nothing fused. A layer is known by what it
// has: geometry (a product), window (a pooling), forward (an activation), or nothing (a reshape).
template <class Network, class T>
std::vector<T> forward(const parameters<T>& of, std::vector<T> x) {
  std::size_t next = 0;
  meta::for_each_index<Network::layer_count>([&](auto i) {
    using placed = meta::at<typename Network::placed_layers, i()>;
    using layer = typename placed::layer;
    constexpr typename placed::input_type in{};
    if constexpr (requires { layer::geometry(in); }) {
      const std::vector<T>&w = of[next], &b = of[next + 1];
      next += 2;
      x = in.rank == 1 ? linear<T>(x, w, b) : conv2d<T>(layer::geometry(in), x, w, b);
    } else if constexpr (requires { layer::window(in); }) {
      x = max_pool2d<T>(layer::window(in), x);
    } else if constexpr (requires { layer::forward(expr::operand<0>{}); }) {
      for (T& v : x) v = evaluate(layer::forward(expr::operand<0>{}), std::array<T, 1>{v});
    }
  });
  return x;
}

}  // namespace tesela::reference
