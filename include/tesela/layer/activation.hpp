// SPDX-License-Identifier: MIT
// The activations that everybody knows, by PyTorch's names: one line of mathematics each.
//
//   input<3072> | linear<120> | gelu | linear<10>          leaky_relu_with<0.2>, elu_with<0.5>, ...
//
// Values, kinks and derivatives at kinks are PyTorch's (tests/recorded/record_activations.py). A
// formula that takes another way than PyTorch says why. Where a branch is not taken, its value must
// be finite still: a derivative of 0 times infinity is NaN. So elu gives expm1 no x above 0.
#pragma once

#include "tesela/core/real.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/layer/elementwise.hpp"

namespace tesela {

namespace layers {

namespace formula {

// A template argument in a formula: x * number<1> is x.
template <real Number>
inline constexpr expr::literal<Number.bits> number{};
using expr::one, expr::zero;

template <real... Number>
constexpr layers::objection finite_or(const layers::objection& otherwise = {}) {
  if ((Number.finite() && ...)) return otherwise;
  return {"needs finite numbers", "write them as in leaky_relu_with<0.01>", true};
}

struct sigmoid {
  constexpr auto operator()(auto x) const { return expr::sigmoid(x); }
};
struct tanh {
  constexpr auto operator()(auto x) const { return expr::tanh(x); }
};
struct sin {
  constexpr auto operator()(auto x) const { return expr::sin(x); }
};

// Both ends belong to the flat parts, where the derivative is 0.
// hard_tanh_with<-2, 3>: x, but at least -2 and at most 3.
template <real Low, real High>
struct hard_tanh {
  constexpr auto operator()(auto x) const {
    return where(x <= number<Low>, number<Low>, where(number<High> <= x, number<High>, x));
  }
  static constexpr auto objection() {
    return finite_or<Low, High>(Low.value() < High.value()
                                    ? layers::objection{}
                                    : layers::objection{"needs its lower number first",
                                                        "write hard_tanh_with<-1, 1>", true});
  }
};
// relu6(x + 3) / 6
struct hard_sigmoid {
  constexpr auto operator()(auto x) const {
    return where(x <= -3, zero, where(3 <= x, one, number<1.0 / 6> * x + number<0.5>));
  }
};
// x relu6(x + 3) / 6; -3 belongs to the middle part, 3 does not.
struct hard_swish {
  constexpr auto operator()(auto x) const {
    return x * where(x < -3, zero, where(x < 3, number<1.0 / 6> * x + number<0.5>, one));
  }
};

// leaky_relu_with<0.2>: x above 0, 0.2 x below.
template <real Slope>
struct leaky_relu {
  constexpr auto operator()(auto x) const { return where(x > zero, x, number<Slope> * x); }
  static constexpr auto objection() { return finite_or<Slope>(); }
};
template <real Alpha>
struct elu {
  constexpr auto operator()(auto x) const {
    return expr::relu(x) + number<Alpha> * expm1(where(x <= zero, x, zero));
  }
  static constexpr auto objection() { return finite_or<Alpha>(); }
};
template <real Alpha>
struct celu {
  constexpr auto operator()(auto x) const {
    return expr::relu(x) +
           number<Alpha> * expm1(number<1 / double{Alpha.value()}> * where(x <= zero, x, zero));
  }
  static constexpr auto objection() {
    return finite_or<Alpha>(Alpha.value() != 0
                                ? layers::objection{}
                                : layers::objection{"divides by 0", "write celu_with<1>", true});
  }
};
struct selu {
  static constexpr double scale = 1.0507009873554804934, alpha = 1.6732632423543772848;
  constexpr auto operator()(auto x) const {
    return number<scale> * expr::relu(x) + number<scale * alpha> * expm1(where(x <= zero, x, zero));
  }
};

struct gelu {
  constexpr auto operator()(auto x) const {
    return x * (number<0.5> * erf(number<0.70710678118654752440> * x) + number<0.5>);
  }
};
// (1 + tanh(z)) / 2 is sigmoid(2 z), with z = sqrt(2 / pi) (x + 0.044715 x^3): one division, and
// exact far below 0, where 1 + tanh(z) cancels.
struct gelu_tanh {
  static constexpr double twice = 1.5957691216057307117;
  constexpr auto operator()(auto x) const {
    return x * expr::sigmoid(x * (number<twice> + number<twice * 0.044715> * (x * x)));
  }
};
struct silu {
  constexpr auto operator()(auto x) const { return x * expr::sigmoid(x); }
};
struct mish {
  constexpr auto operator()(auto x) const { return x * expr::tanh(expr::softplus(x)); }
};

struct softplus {
  constexpr auto operator()(auto x) const { return expr::softplus(x); }
};
// log(1 + exp(Beta x)) / Beta, and x where Beta x exceeds Threshold.
template <real Beta, real Threshold>
struct softplus_with {
  constexpr auto operator()(auto x) const {
    const auto scaled = number<Beta> * x;
    return where(scaled > number<Threshold>, x,
                 number<1 / double{Beta.value()}> * expr::softplus(scaled));
  }
  static constexpr auto objection() {
    return finite_or<Beta, Threshold>(
        Beta.value() != 0 ? layers::objection{}
                          : layers::objection{"divides by 0", "write softplus_with<1>", true});
  }
};
struct log_sigmoid {
  constexpr auto operator()(auto x) const { return -expr::softplus(-x); }
};
struct softsign {
  constexpr auto operator()(auto x) const { return x / (one + abs(x)); }
};

struct tanhshrink {
  constexpr auto operator()(auto x) const { return x - expr::tanh(x); }
};
// The ends of the gap belong to it; a NaN does not.
template <real Gap>
struct softshrink {
  constexpr auto operator()(auto x) const {
    return where(abs(x) <= number<Gap>, zero, where(x > zero, x - number<Gap>, x + number<Gap>));
  }
  static constexpr auto objection() {
    return finite_or<Gap>(Gap.value() >= 0 ? layers::objection{}
                                           : layers::objection{"needs a gap of at least 0",
                                                               "write softshrink_with<0.5>", true});
  }
};
template <real Gap>
struct hardshrink {
  constexpr auto operator()(auto x) const { return where(abs(x) <= number<Gap>, zero, x); }
  static constexpr auto objection() { return finite_or<Gap>(); }
};

}  // namespace formula

template <text Name, class Function, real... Number>
using activation_with = activation<text_of<parametrised<Name, Number...>()>(), Function>;

}  // namespace layers

// 1 / (1 + exp(-x)).
inline constexpr layers::activation<"sigmoid", layers::formula::sigmoid> sigmoid{};
// The hyperbolic tangent.
inline constexpr layers::activation<"tanh", layers::formula::tanh> tanh{};
// The sine of x in radians.
inline constexpr layers::activation<"sin", layers::formula::sin> sin{};

// x, but at least 0 and at most 6.
inline constexpr layers::activation<"relu6", layers::formula::hard_tanh<0, 6>> relu6{};
// x, but at least -1 and at most 1.
inline constexpr layers::activation<"hard_tanh", layers::formula::hard_tanh<-1, 1>> hard_tanh{};
// hard_tanh_with<-2, 3>: x, but at least -2 and at most 3.
template <real Low, real High>
inline constexpr layers::activation_with<"hard_tanh_with", layers::formula::hard_tanh<Low, High>,
                                         Low, High>
    hard_tanh_with{};
// x / 6 + 1/2, but at least 0 and at most 1.
inline constexpr layers::activation<"hard_sigmoid", layers::formula::hard_sigmoid> hard_sigmoid{};
// x times its hard sigmoid.
inline constexpr layers::activation<"hard_swish", layers::formula::hard_swish> hard_swish{};

// x above 0, 0.01 x below.
inline constexpr layers::activation<"leaky_relu", layers::formula::leaky_relu<0.01>> leaky_relu{};
// leaky_relu_with<0.2>: x above 0, 0.2 x below.
template <real Slope>
inline constexpr layers::activation_with<"leaky_relu_with", layers::formula::leaky_relu<Slope>,
                                         Slope>
    leaky_relu_with{};
// x above 0, exp(x) - 1 below.
inline constexpr layers::activation<"elu", layers::formula::elu<1>> elu{};
// elu_with<2>: x above 0, 2 (exp(x) - 1) below.
template <real Alpha>
inline constexpr layers::activation_with<"elu_with", layers::formula::elu<Alpha>, Alpha> elu_with{};
// x above 0, exp(x) - 1 below: elu, which celu_with varies otherwise.
inline constexpr layers::activation<"celu", layers::formula::celu<1>> celu{};
// celu_with<2>: x above 0, 2 (exp(x / 2) - 1) below.
template <real Alpha>
inline constexpr layers::activation_with<"celu_with", layers::formula::celu<Alpha>, Alpha>
    celu_with{};
// 1.0507 x above 0, 1.7581 (exp(x) - 1) below, which keeps mean 0 and variance 1 (Klambauer et al.
// 2017).
inline constexpr layers::activation<"selu", layers::formula::selu> selu{};

// x times the normal distribution's share below x, by erf (Hendrycks and Gimpel 2016).
inline constexpr layers::activation<"gelu", layers::formula::gelu> gelu{};
// gelu with that share by tanh: PyTorch's GELU(approximate="tanh").
inline constexpr layers::activation<"gelu_tanh", layers::formula::gelu_tanh> gelu_tanh{};
// x sigmoid(x), also known as swish.
inline constexpr layers::activation<"silu", layers::formula::silu> silu{};
// Another name of silu.
inline constexpr const auto& swish = silu;
// x tanh(softplus(x)) (Misra 2019).
inline constexpr layers::activation<"mish", layers::formula::mish> mish{};

// log(1 + exp(x)).
inline constexpr layers::activation<"softplus", layers::formula::softplus> softplus{};
// softplus_with<2>: log(1 + exp(2 x)) / 2, and x itself where 2 x is above 20 (or the second
// number).
template <real Beta, real Threshold = 20>
inline constexpr layers::activation_with<
    "softplus_with", layers::formula::softplus_with<Beta, Threshold>, Beta, Threshold>
    softplus_with{};
// log(sigmoid(x)).
inline constexpr layers::activation<"log_sigmoid", layers::formula::log_sigmoid> log_sigmoid{};
// x / (1 + |x|).
inline constexpr layers::activation<"softsign", layers::formula::softsign> softsign{};

// x - tanh(x).
inline constexpr layers::activation<"tanhshrink", layers::formula::tanhshrink> tanhshrink{};
// x, by 1/2 nearer to 0, and 0 from -1/2 to 1/2.
inline constexpr layers::activation<"softshrink", layers::formula::softshrink<0.5>> softshrink{};
// softshrink_with<0.1>: x, by 0.1 nearer to 0, and 0 within.
template <real Gap>
inline constexpr layers::activation_with<"softshrink_with", layers::formula::softshrink<Gap>, Gap>
    softshrink_with{};
// x, but 0 from -1/2 to 1/2.
inline constexpr layers::activation<"hardshrink", layers::formula::hardshrink<0.5>> hardshrink{};
// hardshrink_with<0.1>: x, but 0 from -0.1 to 0.1.
template <real Gap>
inline constexpr layers::activation_with<"hardshrink_with", layers::formula::hardshrink<Gap>, Gap>
    hardshrink_with{};

}  // namespace tesela
