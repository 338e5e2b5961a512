// SPDX-License-Identifier: MIT
// What a network is trained to make small: a formula of its outputs y and the targets t of one sample.
//
//   inline constexpr auto huber = loss<"huber">([](auto y, auto t) {
//     auto d = y - t;
//     return mean(where(abs(d) < 1, 0.5f * d * d, abs(d) - 0.5f));
//   });
//
// The formula ends in a single number a sample: sum, mean or max over the features. Its gradient by y is
// derived, and both are evaluated for a vector of samples at a time. Over the batch the mean is taken,
// unless the loss is `summed`. Targets are the dataset's; where it has labels only, t is 1 at the label's
// feature and 0 elsewhere.
#pragma once

#include "tesela/autodiff/derivative.hpp"
#include "tesela/core/config.hpp"
#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/expr/tensor_plan.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/tensor/scratch.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace tesela {

// What a block's samples should give. `labels` are counted as the outputs lie inside; `values`, where the
// dataset has them, are [feature][lane].
struct block_targets {
  const std::int32_t* labels = nullptr;
  const float* values = nullptr;
};

namespace detail {

template <std::size_t Features>
using sample_outputs = expr::array<0, extents<Features>>;
template <std::size_t Features>
using sample_targets = expr::array<1, extents<Features>>;

// The largest output's feature, and whether it is the label's; one output means yes above `threshold`.
template <std::size_t Features>
std::size_t count_correct(const float* y, const std::int32_t* labels, std::size_t samples,
                          float threshold) {
  std::size_t correct = 0;
  for (std::size_t lane = 0; lane < samples; ++lane) {
    std::size_t best = 0;
    if constexpr (Features == 1) {
      best = y[lane] > threshold ? 1 : 0;
    } else {
      for (std::size_t f = 1; f < Features; ++f) {
        if (y[f * block_lanes + lane] > y[best * block_lanes + lane]) best = f;
      }
    }
    correct += best == static_cast<std::size_t>(labels[lane]) ? 1u : 0u;
  }
  return correct;
}

// A formula's program: the loss of every lane and, with Differentiate, scale times its gradient by y.
template <class Lifted, std::size_t Features, bool Differentiate>
struct loss_program {
  static constexpr std::size_t numbers = std::tuple_size_v<decltype(Lifted{}.numbers)>;
  using value = meta::at<typename Lifted::list, 0>;
  // The scale of the gradient is one number more.
  using gradient = decltype(expr::expand<extents<Features>>(
      autodiff::gradient_of<value, sample_outputs<Features>, expr::parameter<numbers>>{}));
  using plan = std::conditional_t<Differentiate, expr::tensor_plan<block_lanes, value, gradient>,
                                  expr::tensor_plan<block_lanes, value>>;
};

// One block: y and dy are [feature][lane]; the first `samples` lanes are filled. dy may be null.
template <class Isa, std::size_t Features, class Lifted>
loss_sum run_loss(const Lifted& lifted, const float* y, const float* t, std::size_t samples,
                  float scale, float* dy) {
  using program = loss_program<Lifted, Features, true>;
  const auto arrays = [&]<std::size_t I>(expr::array<I, extents<Features>>) {
    return I == 0 ? y : t;
  };
  std::array<float, program::numbers + 1> numbers{};
  std::copy(lifted.numbers.begin(), lifted.numbers.end(), numbers.begin());
  numbers.back() = scale;

  alignas(alignment_bytes) float losses[block_lanes];
  scratch<program::plan::plan.floats, program> room;
  float* const results[] = {losses, dy};
  if (dy != nullptr) {
    Isa::template run_tensors<typename program::plan>(arrays, numbers.data(), room.data(), results, 1);
    for (std::size_t f = 0; f < Features; ++f) {
      std::fill(dy + f * block_lanes + samples, dy + (f + 1) * block_lanes, 0.0f);
    }
  } else {
    using value_only = loss_program<Lifted, Features, false>;
    Isa::template run_tensors<typename value_only::plan>(arrays, numbers.data(), room.data(), results, 1);
  }
  loss_sum sum{.weight = static_cast<double>(samples)};
  for (std::size_t lane = 0; lane < samples; ++lane) sum.loss += static_cast<double>(losses[lane]);
  return sum;
}

// Targets as numbers: the dataset's, or 1 at the label's feature. A single output has the label itself.
template <std::size_t Features>
class numeric_targets {
 public:
  numeric_targets(const block_targets& targets, std::size_t samples) : values_(targets.values) {
    if (values_ != nullptr) return;
    float* const coded = coded_.data();
    std::fill_n(coded, Features * block_lanes, 0.0f);
    for (std::size_t lane = 0; lane < samples; ++lane) {
      const auto label = static_cast<std::size_t>(targets.labels[lane]);
      if constexpr (Features == 1) {
        coded[lane] = static_cast<float>(label);
      } else {
        coded[label * block_lanes + lane] = 1.0f;
      }
    }
    values_ = coded;
  }
  numeric_targets(const numeric_targets&) = delete;
  const float* values() const { return values_; }

 private:
  const float* values_;
  scratch<Features * block_lanes, numeric_targets> coded_;
};

}  // namespace detail

namespace detail {

template <class... Given>
struct unnamed_loss {
  static constexpr sentence complaint =
      "tesela: loss expects its name, as a constant, and a formula: write loss<\"mine\">([](auto "
      "y, auto t) { "
      "return mean(square(y - t)); })";
};
// mse(), cross_entropy(outputs, labels).
template <class Loss, class... Given>
struct loss_called {
  static constexpr sentence complaint = [] {
    sentence words = sentence("tesela: ") << Loss::name();
    if constexpr (sizeof...(Given) == 0) {
      return words << " is a value and expects no parentheses: write trainer{model, "
                   << Loss::name() << ", adam{}}";
    } else {
      return words << " expects two expressions, outputs and targets, but gets "
                   << kinds_of<Given...>()
                   << ": of samples it is taken by a trainer, as trainer.evaluate(samples).loss";
    }
  }();
};

}  // namespace detail

// A formula with a name; Function may hold numbers.
template <text Name, class Function>
struct expression_loss {
  TESELA_NO_UNIQUE_ADDRESS Function function;

  static constexpr sentence name() { return Name.view(); }
  template <class Y, class T>
    requires(expr::TakesExpressions<Function> &&
             requires(const Function& f, const Y& of, const T& target) { f(of, target); })
  constexpr auto formula(const Y& y, const T& t) const {
    return function(y, t);
  }
  constexpr auto operator()(const expr::Operand auto& y, const expr::Operand auto& t) const {
    return function(expr::as_expression(y), expr::as_expression(t));
  }
  // Not of numbers, by which an initializer would be known.
  template <class... Given>
    requires(!(std::is_arithmetic_v<Given> || ...))
  auto operator()(const Given&...) const {
    return sizeof(tell<mistake_in<detail::loss_called<expression_loss, Given...>>>());
  }
};

// Your own loss: a name and a lambda, which may capture numbers.
template <text Name, class Function>
  requires(!Name.view().empty())
constexpr auto loss(Function function) {
  return expression_loss<Name, Function>{function};
}

// Without a name, with an empty one, or with it as an argument.
template <text Name, class... Given>
  requires(Name.view().empty())
constexpr auto loss(const Given&...) {
  return sizeof(tell<mistake_in<detail::unnamed_loss<Given...>>>());
}
template <class... Given>
constexpr auto loss(const Given&...) {
  return sizeof(tell<mistake_in<detail::unnamed_loss<Given...>>>());
}

// A loss is a struct with `name` and `formula(y, t)`, or with a `block` of its own. Optional are
// validate(features), weight_of(label) and `threshold`: from where on a single output says yes.
template <class T>
concept Loss = requires(const T& one) {
  { T::name() } -> std::same_as<sentence>;
};

// The loss of one block; y and dy are [feature][lane], the first `samples` lanes are filled, dy may be
// null. `scale` multiplies the gradient.
template <class Isa, std::size_t Features, Loss L>
loss_sum loss_of_block(const L& one, const block_targets& targets, const float* y,
                       std::size_t samples, float scale, float* dy) {
  if constexpr (requires {
                  one.template block<Isa, Features>(targets, y, samples, scale, dy);
                }) {
    return one.template block<Isa, Features>(targets, y, samples, scale, dy);
  } else {
    const auto lifted = expr::lift(expr::results(expr::as_expression(
        one.formula(detail::sample_outputs<Features>{}, detail::sample_targets<Features>{}))));
    const detail::numeric_targets<Features> t(targets, samples);
    loss_sum sum = detail::run_loss<Isa, Features>(lifted, y, t.values(), samples, scale, dy);
    if (targets.labels != nullptr) {
      float threshold = 0.0f;
      if constexpr (requires { L::threshold; }) threshold = L::threshold;
      sum.correct = detail::count_correct<Features>(y, targets.labels, samples, threshold);
    }
    return sum;
  }
}

// The sum over the batch instead of the mean: gradients are as many times larger as there are samples.
template <class Loss>
struct summed_loss : Loss {
  static constexpr bool sums = true;
};
template <class Loss>
constexpr summed_loss<Loss> summed(const Loss& one) {
  return {one};
}

}  // namespace tesela
