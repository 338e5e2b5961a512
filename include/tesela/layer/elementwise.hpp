// SPDX-License-Identifier: MIT
// What an activation is: a name and a formula, and the compiler derives how to go back.
//
//   input<3072> | linear<120> | relu | ...
//   inline constexpr auto bent = activation<"bent">([](auto x) { return x * tanh(softplus(x)); });
//
// layer/activation.hpp has those that everybody knows.
//
// An activation is a layer and a function of expressions at once: relu(x) is an expression too. The
// kernels evaluate value and gradient in registers, at the end of the product before it and of the
// gradient behind it.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/core/diagnostics.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/layer/layer.hpp"

#include <type_traits>

namespace tesela {

namespace layers {

// What kernels compute: the value of operand<0>, and the gradient that comes back. Derived when a
// network has the activation, not before.
template <class Function>
struct activation_program {
  using value = expr::literals<Function, 1>;

 private:
  using by_input = autodiff::gradient_of<value, expr::operand<0>, expr::operand<1>>;
  // With the value in the place of every formula that equals it.
  using by_value = expr::replace<by_input, value, expr::operand<2>>;

 public:
  // Whether the gradient can be computed from the value alone: then the input need not be kept.
  static constexpr bool from_value = !expr::contains<by_value, expr::operand<0>>;
  using gradient =
      std::conditional_t<from_value, expr::replace<by_value, expr::operand<2>, expr::operand<0>>,
                         by_input>;
};

// leaky_relu(x, 0.2f), tanh(model.forward(...)).
template <text Name, class X, class... More>
struct activation_call {
  static constexpr sentence complaint = [] {
    sentence words = sentence("tesela: ") << Name.view();
    if constexpr (expr::Operand<X>) {
      words << " of an expression takes nothing else: its numbers are constants, as in "
               "leaky_relu_with<0.2>(x)";
    } else {
      words << " expects a tensor or an expression, but gets bare numbers: write tensor<10> x(numbers), or "
               "put it into the network";
    }
    return words;
  }();
};
template <text Name, expr::Operand X>
struct activation_call<Name, X> {
  static constexpr sentence complaint{};
};
template <text Name, class X, class... More>
  requires(!expr::Operand<X> && !requires(const X& numbers) {
            numbers.data();
            numbers.size();
          })
struct activation_call<Name, X, More...> {
  static constexpr sentence complaint{};
};

// Function is stateless; its call makes the value of an expression.
template <text Name, class Function>
struct activation : layer {
  static constexpr layer_role kind = layer_role::activation;
  static constexpr sentence name() { return Name.view(); }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    if constexpr (requires { Function::objection(); }) {
      return Function::objection();
    } else {
      return {};
    }
  }
  template <std::size_t... E>
  static constexpr auto output(extents<E...> in) {
    return in;
  }

  using layer::operator();
  template <expr::Operand X>
  constexpr auto operator()(const X& x) const {
    return Function{}(expr::as_expression(x));
  }

  template <class X, class... More>
    requires Wrong<activation_call<Name, X, More...>>
  constexpr auto operator()(const X&, const More&...) const {
    return sizeof(tell<mistake_in<activation_call<Name, X, More...>>>());
  }

  using program = activation_program<Function>;
};

namespace formula {
struct identity {
  constexpr auto operator()(auto x) const { return x; }
};
struct relu {
  constexpr auto operator()(auto x) const { return expr::relu(x); }
};
}  // namespace formula

namespace detail {

template <class Function>
concept WithoutState = std::is_empty_v<Function> && std::is_default_constructible_v<Function>;
template <class Function>
concept Callable = expr::TakesExpressions<Function> && requires {
  Function{}(expr::operand<0>{});
};

// Empty where `Function` is a formula.
template <text Name, class Function>
constexpr sentence activation_mistake() {
  const sentence start = sentence("tesela: activation ") << Name.view();
  if constexpr (!WithoutState<Function>) {
    return sentence(start) << " cannot capture: write its numbers into the formula";
  } else if constexpr (!Callable<Function>) {
    return sentence(start) << " must take one expression of any type: write [](auto x)";
  } else {
    using result = decltype(Function{}(expr::operand<0>{}));
    if constexpr (expr::Condition<result>) {
      return sentence(start) << " returns a condition: write where(condition, a, b)";
    } else if constexpr (!expr::Expression<result>) {
      return sentence(start) << " must return an expression of x, like x * sigmoid(x)";
    } else if constexpr (!expr::Elementwise<result>) {
      return sentence(start) << " " << expr::no_reduction;
    } else {
      return {};
    }
  }
}

template <class... Given>
struct unnamed_activation {
  static constexpr sentence complaint =
      "tesela: activation expects its name, as a constant, and a formula: write "
      "activation<\"bent\">([](auto x) "
      "{ return x * tanh(x); })";
};

}  // namespace detail

// The two that kernels are tested with are their own programs.
struct identity : activation<"identity", formula::identity>,
                  activation_program<formula::identity> {};
struct relu : activation<"relu", formula::relu>, activation_program<formula::relu> {};

}  // namespace layers

// Your own: a name and a lambda without captures.
template <text Name, class Function>
  requires(!Name.view().empty())
constexpr auto activation(Function) {
  constexpr sentence mistake = layers::detail::activation_mistake<Name, Function>();
  if constexpr (!mistake.empty()) {
    return sizeof(tell<mistake_of<mistake>>());
  } else {
    return layers::activation<Name, Function>{};
  }
}

// Without a name, with an empty one, or with it as an argument.
template <text Name, class... Given>
  requires(Name.view().empty())
constexpr auto activation(const Given&...) {
  return sizeof(tell<mistake_in<layers::detail::unnamed_activation<Given...>>>());
}
template <class... Given>
constexpr auto activation(const Given&...) {
  return sizeof(tell<mistake_in<layers::detail::unnamed_activation<Given...>>>());
}

// What a product without an activation ends with.
inline constexpr layers::identity identity{};
// x above 0, 0 below; its slope at 0 is 0.
inline constexpr layers::relu relu{};

}  // namespace tesela
