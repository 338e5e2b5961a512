// SPDX-License-Identifier: MIT
// Members that tensors have in other libraries. Functions of tensors stand alone here, so that a formula
// reads the same for a tensor and for an expression: each of these does not compile and says what to write.
#pragma once

#include "tesela/core/diagnostics.hpp"

#include <cstddef>

namespace tesela::expr {

namespace detail {

template <text How, class... Given>
struct method_of_tensor {
  static constexpr sentence complaint =
      sentence("tesela: functions of tensors stand alone: write ") << How.view();
};
template <class... Given>
struct called_tensor {
  static constexpr sentence complaint =
      "tesela: a tensor is no function: write x[i] for the number at position i, row by row";
};
template <class... Given>
struct no_backward {
  static constexpr sentence complaint =
      "tesela: gradients are expressions, too, and nothing is kept to go back: write auto dw = "
      "evaluate(gradient(loss, w))";
};

}  // namespace detail

// Of tensors and of expressions.
struct no_methods {
  template <class... Given>
  auto sum(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<
                      "sum(x), or sum<1>(x) along the second axis", Given...>>>());
  }
  template <class... Given>
  auto mean(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<
                      "mean(x), or mean<1>(x) along the second axis", Given...>>>());
  }
  template <class... Given>
  auto max(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<
                      "max(x), or max<1>(x) along the second axis", Given...>>>());
  }
  template <class... Given>
  auto min(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<
                      "min(x), or min<1>(x) along the second axis", Given...>>>());
  }
  template <class... Given>
  auto norm(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"norm(x)", Given...>>>());
  }
  template <class... Given>
  auto exp(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"exp(x)", Given...>>>());
  }
  template <class... Given>
  auto log(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"log(x)", Given...>>>());
  }
  template <class... Given>
  auto sqrt(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"sqrt(x)", Given...>>>());
  }
  template <class... Given>
  auto abs(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"abs(x)", Given...>>>());
  }
  template <class... Given>
  auto pow(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"pow(x, 2)", Given...>>>());
  }
  template <class... Given>
  auto square(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"square(x)", Given...>>>());
  }
  template <class... Given>
  auto tanh(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"tanh(x)", Given...>>>());
  }
  template <class... Given>
  auto sigmoid(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"sigmoid(x)", Given...>>>());
  }
  template <class... Given>
  auto relu(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"relu(x)", Given...>>>());
  }
  template <class... Given>
  auto softmax(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"softmax(x)", Given...>>>());
  }
  template <class... Given>
  auto clamp(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"clamp(x, -1, 1)", Given...>>>());
  }
  template <class... Given>
  auto dot(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"sum(x * y)", Given...>>>());
  }
  template <class... Given>
  auto matmul(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"matmul(x, y)", Given...>>>());
  }
  template <class... Given>
  auto mm(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"matmul(x, y)", Given...>>>());
  }
  template <class... Given>
  auto transpose(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"transpose(x)", Given...>>>());
  }
  template <class... Given>
  auto t(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"transpose(x)", Given...>>>());
  }
  template <class... Given>
  auto T(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"transpose(x)", Given...>>>());
  }
  template <class... Given>
  auto reshape(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"reshape<2, 3>(x)", Given...>>>());
  }
  template <class... Given>
  auto view(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"reshape<2, 3>(x)", Given...>>>());
  }
  template <class... Given>
  auto eval(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<"evaluate(x)", Given...>>>());
  }
  template <class... Given>
  auto item(const Given&...) const {
    return sizeof(tell<mistake_in<detail::method_of_tensor<
                      "evaluate(sum(x)), which is a float, or x[0] of a tensor", Given...>>>());
  }
  template <class... Given>
  auto backward(const Given&...) const {
    return sizeof(tell<mistake_in<detail::no_backward<Given...>>>());
  }
  template <class... Given>
  auto grad(const Given&...) const {
    return sizeof(tell<mistake_in<detail::no_backward<Given...>>>());
  }
  template <class... Given>
  auto requires_grad_(const Given&...) const {
    return sizeof(tell<mistake_in<detail::no_backward<Given...>>>());
  }
};

}  // namespace tesela::expr
