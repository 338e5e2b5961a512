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
#include "tesela/expr/lift.hpp"
#include "tesela/expr/results.hpp"
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

// The operations of kernel/functions-inl.hpp over T. What <cmath> has only for real numbers is found by
// argument-dependent look-up where T brings its own.
struct operations {
  template <text Name, class T>
  constexpr T operator()(expr::op::once<Name>, const T& x) const { return x; }
  template <class T>
  constexpr T operator()(expr::op::negate, const T& x) const { return -x; }
  template <class T>
  constexpr T operator()(expr::op::absolute, const T& x) const {
    return real_part(x) < 0 ? -x : x;
  }
  template <class T>
  constexpr T operator()(expr::op::sign, const T& x) const {
    if (is_nan(x)) return x;
    return T(real_part(x) > 0 ? 1 : real_part(x) < 0 ? -1 : 0);
  }
  template <class T>
  constexpr T operator()(expr::op::square_root, const T& x) const {
    using std::sqrt;
    return sqrt(x);
  }
  template <class T>
  constexpr T operator()(expr::op::exp, const T& x) const {
    using std::exp;
    return exp(x);
  }
  template <class T>
  constexpr T operator()(expr::op::expm1, const T& x) const {
    using std::expm1;
    return expm1(x);
  }
  template <class T>
  constexpr T operator()(expr::op::log, const T& x) const {
    using std::log;
    return log(x);
  }
  template <class T>
  constexpr T operator()(expr::op::log1p, const T& x) const {
    using std::log1p;
    return log1p(x);
  }
  template <class T>
  constexpr T operator()(expr::op::sin, const T& x) const {
    using std::sin;
    return sin(x);
  }
  template <class T>
  constexpr T operator()(expr::op::cos, const T& x) const {
    using std::cos;
    return cos(x);
  }
  template <class T>
  constexpr T operator()(expr::op::tanh, const T& x) const {
    using std::tanh;
    return tanh(x);
  }
  template <class T>
  constexpr T operator()(expr::op::sigmoid, const T& x) const {
    using std::exp;
    if (real_part(x) >= 0) return T(1) / (T(1) + exp(-x));
    const T e = exp(x);
    return e / (T(1) + e);
  }
  template <class T>
  constexpr T operator()(expr::op::softplus, const T& x) const {
    using std::exp, std::log1p;
    return real_part(x) > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
  }
  template <class T>
  constexpr T operator()(expr::op::tanh_softplus, const T& x) const {
    return (*this)(expr::op::tanh{}, (*this)(expr::op::softplus{}, x));
  }
  // 4 e (1 + e) / (e^2 + 2 e + 2)^2 with e = exp(x), or the same with q = exp(-x).
  template <class T>
  constexpr T operator()(expr::op::tanh_softplus_slope, const T& x) const {
    using std::exp;
    const T q = exp(real_part(x) > 0 ? -x : x), m = real_part(x) > 0 ? T(1) + T(2) * q * (T(1) + q)
                                                                     : q * q + T(2) * (q + T(1));
    const T n = T(4) * q * (T(1) + q) / (m * m);
    return real_part(x) > 0 ? n * q : n;
  }
  template <class T>
  constexpr T operator()(expr::op::erf, const T& x) const {
    using std::erf;
    return erf(x);
  }
  // A NaN stays; at 0 the constant is taken, which makes the derivative zero there, as in PyTorch.
  template <class T>
  constexpr T operator()(expr::op::relu, const T& x) const {
    return real_part(x) <= 0 ? T(0) : x;
  }
  template <class T>
  constexpr T operator()(expr::op::add, const T& a, const T& b) const { return a + b; }
  template <class T>
  constexpr T operator()(expr::op::subtract, const T& a, const T& b) const { return a - b; }
  template <class T>
  constexpr T operator()(expr::op::multiply, const T& a, const T& b) const { return a * b; }
  template <class T>
  constexpr T operator()(expr::op::divide, const T& a, const T& b) const { return a / b; }
  template <class T>
  constexpr T operator()(expr::op::power, const T& a, const T& b) const {
    using std::pow;
    return pow(a, b);
  }
  // Between equals there is no derivative: half of each, as in PyTorch.
  template <class T>
  constexpr T operator()(expr::op::maximum, const T& a, const T& b) const {
    if (is_nan(a) || is_nan(b)) return is_nan(a) ? a : b;
    if (real_part(a) == real_part(b)) return T(0.5) * a + T(0.5) * b;
    return real_part(a) < real_part(b) ? b : a;
  }
  template <class T>
  constexpr T operator()(expr::op::minimum, const T& a, const T& b) const {
    if (is_nan(a) || is_nan(b)) return is_nan(a) ? a : b;
    if (real_part(a) == real_part(b)) return T(0.5) * a + T(0.5) * b;
    return real_part(b) < real_part(a) ? b : a;
  }
  template <class T>
  constexpr bool operator()(expr::op::less, const T& a, const T& b) const {
    return real_part(a) < real_part(b);
  }
  template <class T>
  constexpr bool operator()(expr::op::less_equal, const T& a, const T& b) const {
    return real_part(a) <= real_part(b);
  }
  template <class T>
  constexpr bool operator()(expr::op::equal, const T& a, const T& b) const {
    return real_part(a) == real_part(b);
  }
  constexpr bool operator()(expr::op::both, bool a, bool b) const { return a && b; }
  constexpr bool operator()(expr::op::either, bool a, bool b) const { return a || b; }
  constexpr bool operator()(expr::op::invert, bool a) const { return !a; }
  template <class T>
  constexpr T operator()(expr::op::select, bool condition, const T& a, const T& b) const {
    return condition ? a : b;
  }
};

// An expression over T. A class, so that every overload sees every other.
template <class T, std::size_t Operands>
struct evaluator {
  const std::array<T, Operands>& in;

  template <std::size_t I>
  constexpr T operator()(const expr::operand<I>&) const {
    return in[I];
  }
  constexpr T operator()(const expr::scalar& s) const { return T(s.value); }
  template <std::uint32_t Bits>
  constexpr T operator()(const expr::literal<Bits>& l) const {
    return T(l.value);
  }
  template <class Op, class A>
  constexpr auto operator()(const expr::unary<Op, A>& e) const {
    return operations{}(Op{}, (*this)(e.a));
  }
  template <class Op, class A, class B>
  constexpr auto operator()(const expr::binary<Op, A, B>& e) const {
    return operations{}(Op{}, (*this)(e.a), (*this)(e.b));
  }
  template <class Op, class A, class B, class C>
  constexpr auto operator()(const expr::ternary<Op, A, B, C>& e) const {
    return operations{}(Op{}, (*this)(e.a), (*this)(e.b), (*this)(e.c));
  }
};

template <class T, std::size_t Operands, expr::Expression E>
constexpr auto evaluate(const E& expression, const std::array<T, Operands>& in) {
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

// y[o][i][j] = b[o] + sum over c, r, s of
//              w[o][c][r][s] x[c][i stride + r dilation - padding][...], x = 0 outside.
template <class T>
std::vector<T> conv2d(const convolution& g, std::span<const T> x, std::span<const T> w,
                      std::span<const T> b) {
  const grid k = g.kernel;
  std::vector<T> y;
  for (std::size_t o = 0; o < g.out.channels; ++o) {
    for (std::size_t i = 0; i < g.out.height; ++i) {
      for (std::size_t j = 0; j < g.out.width; ++j) {
        T sum = b[o];
        for (std::size_t c = 0; c < g.in.channels; ++c) {
          for (std::size_t r = 0; r < k.rows; ++r) {
            for (std::size_t s = 0; s < k.columns; ++s) {
              // Before the first row or column the difference wraps to a huge one.
              const std::size_t row = i * g.stride.rows + r * g.dilation.rows - g.padding.rows;
              const std::size_t column =
                  j * g.stride.columns + s * g.dilation.columns - g.padding.columns;
              if (row >= g.in.height || column >= g.in.width) continue;
              sum = sum + w[((o * g.in.channels + c) * k.rows + r) * k.columns + s] *
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
        const std::size_t corner =
            (c * g.in.height + i * g.stride.rows) * g.in.width + j * g.stride.columns;
        std::size_t winner = 0;
        T best = x[corner];
        for (std::size_t at = 1; at < g.kernel.size(); ++at) {
          const T v = x[corner + at / g.kernel.columns * g.in.width + at % g.kernel.columns];
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

// Of the channels of every pixel: exp(x_c - m) over their sum, or the logarithm.
template <class T>
void softmax(std::span<T> x, std::size_t channels, bool logarithm) {
  using std::exp, std::log;
  const std::size_t pixels = x.size() / channels;
  for (std::size_t p = 0; p < pixels; ++p) {
    auto largest = real_part(x[p]);
    for (std::size_t c = 0; c < channels; ++c) largest = std::max(largest, real_part(x[c * pixels + p]));
    T sum = T(0);
    for (std::size_t c = 0; c < channels; ++c) sum = sum + exp(x[c * pixels + p] - T(largest));
    for (std::size_t c = 0; c < channels; ++c) {
      T& v = x[c * pixels + p];
      v = logarithm ? v - T(largest) - log(sum) : exp(v - T(largest)) / sum;
    }
  }
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
// has: geometry (a product), logarithm (softmax), channels (an affine map), window (a pooling), program (an
// activation), or nothing (a reshape).
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
    } else if constexpr (requires { layer::logarithm; }) {
      softmax<T>(x, layer::channels(in), layer::logarithm);
    } else if constexpr (requires { layer::channels(in); }) {
      const std::vector<T>&w = of[next], &b = of[next + 1];
      next += 2;
      const std::size_t each = x.size() / w.size();
      for (std::size_t e = 0; e < x.size(); ++e) x[e] = w[e / each] * x[e] + b[e / each];
    } else if constexpr (requires { layer::window(in); }) {
      x = max_pool2d<T>(layer::window(in), x);
    } else if constexpr (requires { typename layer::program; }) {
      for (T& v : x) v = evaluate(typename layer::program::value{}, std::array<T, 1>{v});
    }
  });
  return x;
}

}  // namespace tesela::reference
