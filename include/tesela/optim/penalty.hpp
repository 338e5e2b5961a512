// SPDX-License-Identifier: MIT
// What is added to the loss to keep parameters small, or is done to them beside the step.
//
//   trainer teacher{net, cross_entropy, adam{}, penalty::l2{.lambda = 1e-3f}, clip_norm{1.0f}};
//
//   l2            lambda   * sum w^2     gradient 2 lambda w           (Keras's L2)
//   half_l2       lambda/2 * sum w^2     gradient   lambda w
//   weight_decay  alpha/2  * w^T w       gradient   alpha w            (PyTorch's weight_decay)
//   l1            lambda   * sum |w|     gradient   lambda sign(w), 0 where w is 0
//   elastic_net   l1 * sum |w| + l2 * sum w^2                          (Keras's L1L2)
//   lq            lambda/2 * sum |w|^q
//   l1_proximal              after the step  w = sign(w) max(|w| - learning_rate lambda, 0)
//   decoupled_weight_decay   with the step   w = ... - learning_rate lambda w
//
// A penalty covers weights and not biases, unless it is given as with_biases(penalty). With l1 a
// weight that wants to be 0 swings around it by a step; l1_proximal gives exact zeros. All run in
// the one pass of the optimiser; a penalty whose lambda is 0 leaves no trace.
//
// Your own is a struct with value(w), an expression to be summed over all parameters: its gradient
// is derived. Or with after(w_new, w_old, learning_rate), what the parameter becomes in the end.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/optim/optimizer.hpp"

#include <cmath>
#include <cstddef>
#include <type_traits>

namespace tesela::penalty {

struct l2 {
  static constexpr const char* name = "l2";
  float lambda = 0;
  void validate() const { detail::require_not_negative("l2", "lambda", lambda); }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto value(auto w) const { return lambda * square(w); }
};

struct half_l2 {
  static constexpr const char* name = "half_l2";
  float lambda = 0;
  void validate() const { detail::require_not_negative("half_l2", "lambda", lambda); }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto value(auto w) const { return lambda / 2 * square(w); }
};

struct weight_decay {
  static constexpr const char* name = "weight_decay";
  float alpha = 0;
  void validate() const { detail::require_not_negative("weight_decay", "alpha", alpha); }
  constexpr bool idle() const { return alpha == 0; }
  constexpr auto value(auto w) const { return alpha / 2 * square(w); }
};

struct l1 {
  static constexpr const char* name = "l1";
  float lambda = 0;
  void validate() const { detail::require_not_negative("l1", "lambda", lambda); }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto value(auto w) const { return lambda * abs(w); }
};

struct elastic_net {
  static constexpr const char* name = "elastic_net";
  float l1 = 0;
  float l2 = 0;
  void validate() const {
    detail::require_not_negative("elastic_net", "l1", l1);
    detail::require_not_negative("elastic_net", "l2", l2);
  }
  constexpr bool idle() const { return l1 == 0 && l2 == 0; }
  constexpr auto value(auto w) const { return l1 * abs(w) + l2 * square(w); }
};

struct lq {
  static constexpr const char* name = "lq";
  float lambda = 0;
  float q = 2;
  void validate() const {
    detail::require_not_negative("lq", "lambda", lambda);
    detail::require(std::isfinite(q) && q >= 1, "lq", "q", "a number of at least 1", q);
  }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto value(auto w) const { return lambda / 2 * pow(abs(w), q); }
};

struct l1_proximal {
  static constexpr const char* name = "l1_proximal";
  float lambda = 0;
  void validate() const { detail::require_not_negative("l1_proximal", "lambda", lambda); }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto value(auto w) const { return lambda * abs(w); }
  constexpr auto after(auto w_new, auto /*w_old*/, float learning_rate) const {
    return sign(w_new) * max(abs(w_new) - learning_rate * lambda, 0.0f);
  }
};

struct decoupled_weight_decay {
  static constexpr const char* name = "decoupled_weight_decay";
  float lambda = 0;
  void validate() const {
    detail::require_not_negative("decoupled_weight_decay", "lambda", lambda);
  }
  constexpr bool idle() const { return lambda == 0; }
  constexpr auto after(auto w_new, auto w_old, float learning_rate) const {
    return w_new - (learning_rate * lambda) * w_old;
  }
};

// The same penalty on weights and biases.
template <class Penalty>
struct with_biases : Penalty {
  static constexpr bool biases = true;
  constexpr explicit with_biases(Penalty of) : Penalty(of) {}
};

// with_biases{0.01f}.
namespace detail {
template <class Number>
struct biases_of_number {
  static constexpr sentence complaint =
      "tesela: with_biases expects a penalty, but gets a number: write "
      "penalty::with_biases{penalty::l2{0.01f}}";
};
template <class Number>
struct biases_refused : l2 {
  constexpr biases_refused(Number) {
    (void)sizeof(tell<mistake_in<biases_of_number<Number>>>());
  }
};
}  // namespace detail
template <class Number>
  requires std::is_arithmetic_v<Number>
with_biases(Number) -> with_biases<detail::biases_refused<Number>>;

}  // namespace tesela::penalty

namespace tesela {

// Every component of the gradient, penalties included, within [-limit, limit].
struct clip_value {
  static constexpr const char* name = "clip_value";
  float limit = 1;
  void validate() const { detail::require_positive("clip_value", "limit", limit); }
  constexpr auto clip(auto g) const { return clamp(g, -limit, limit); }
};

// The whole gradient, penalties included, scaled so that its Euclidean norm is at most the limit:
//   g = g * min(1, limit / (norm + 1e-6))
// as PyTorch's clip_grad_norm_. All gradients must be known before the first parameter changes,
// which costs a second pass over them.
struct clip_norm {
  static constexpr const char* name = "clip_norm";
  float limit = 1;
  void validate() const { detail::require_positive("clip_norm", "limit", limit); }
  float scale(double norm) const {
    const double factor = double{limit} / (norm + 1e-6);
    return factor < 1 ? static_cast<float>(factor) : 1.0f;
  }
};

}  // namespace tesela
