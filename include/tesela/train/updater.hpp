// SPDX-License-Identifier: MIT
// The second half of a step: from gradients to changed parameters, in one pass over the arena.
//
// Each share of a gradient updates its parameters as soon as it is known. Only clip_norm waits for
// all of them; then the norm and the update are two more passes over fixed pieces of the arena. A
// piece is computed by one thread in one order, so the bytes do not depend on the number of
// threads.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/function_view.hpp"
#include "tesela/kernel/denormals.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/network/product_gradient.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/update.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/samples.hpp"
#include "tesela/train/arena_pieces.hpp"
#include "tesela/train/recipe.hpp"
#include "tesela/train/update_kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace tesela {

// Of whatever network: they share it.
template <class Isa, class Rule, class... Terms>
class updater {
 public:
  static constexpr std::size_t slots = detail::slots_of<Rule>();

  [[gnu::noinline]] updater(std::span<const detail::parameter_map> maps, std::size_t parameters,
                            Rule rule, Terms... terms)
      : rule_(rule),
        present_(rule),
        terms_(terms...),
        tensors_(detail::tensor_places(maps)) {
    detail::validate(rule_);
    (detail::validate(terms), ...);
    if (detail::remembers(rule_)) remember(parameters);
    if constexpr (has_penalties || has_norm) {
      pieces_ = detail::pieces_of(tensors_);
      sums_.resize(pieces_.size());
    }
  }

  // Gives the rule its slots, if it has none yet: what a schedule changes may need them.
  void remember(std::size_t parameters) {
    if (remembers_) return;
    remembers_ = true;
    const std::array<float, slots> initial = detail::initial_state(rule_);
    for (std::size_t s = 0; s < slots; ++s) {
      slots_[s] = arena(parameters);
      std::fill(slots_[s].values().begin(), slots_[s].values().end(), initial[s]);
    }
  }

  // One step, number `step` counted from 1: `engine` computes the gradients (train/engine.hpp).
  using engine_step = function_view<loss_sum(range_update)>;
  loss_sum step(std::span<float> parameters, const float* gradients, std::size_t threads,
                std::uint64_t step, engine_step engine) {
    if constexpr (!usable) {
      return {};  // the trainer has refused, and nothing more is to be said
    } else {
      return step_of(parameters.data(), gradients, threads, step, engine);
    }
  }

  // What the penalties add to the mean loss.
  double penalty(std::span<const float> parameters, std::size_t threads) {
    if constexpr (!has_penalties || !usable) {
      return 0;
    } else {
      const auto value = [&]<parameter_kind Kind>() {
        return std::apply(
            [](const auto&... t) { return expr::lift(results(penalty_value<Kind>(t...))); },
            terms_);
      };
      return total(value.template operator()<parameter_kind::weight>(),
                   value.template operator()<parameter_kind::bias>(), parameters.data(),
                   parameters.data(), threads, [](double v) { return v; });
    }
  }

  const Rule& rule() const { return rule_; }
  std::string terms_text() const {
    return std::apply([](const auto&... t) { return detail::terms_text(t...); }, terms_);
  }
  // Empty where the rule has no use for it.
  std::span<float> slot(std::size_t i) { return slots_[i].values(); }

  // The rule's own settings, and what they are at present, while a schedule is at work.
  float* own_learning_rate() { return detail::learning_rate_of(rule_); }
  float* own_momentum() { return detail::momentum_of(rule_); }
  float* learning_rate() { return detail::learning_rate_of(present_); }
  float* momentum() { return detail::momentum_of(present_); }
  void use_own_settings() { present_ = rule_; }

 private:
  using kernels = update_kernels<Isa, Rule, Terms...>;
  static constexpr bool usable = detail::optimizer_complaint<Rule>().empty() &&
                                 detail::terms_complaint<Rule, Terms...>().empty();
  static constexpr bool has_norm = (detail::has_scale<Terms> || ...);
  static constexpr bool has_penalties =
      ((detail::has_value<Terms> || detail::has_after<Terms>) || ...);

  loss_sum step_of(float* parameters, const float* gradients, std::size_t threads,
                   std::uint64_t step, engine_step engine) {
    if constexpr (has_norm) {
      const loss_sum loss = engine([](std::size_t, std::size_t) {});
      const double norm = gradient_norm(gradients, parameters, threads);
      if (!std::isfinite(norm)) {
        throw training_error(
            "the norm of the gradient is not finite; the parameters are as before this step (a "
            "smaller learning rate or normalised inputs may help)");
      }
      const float scale =
          std::apply([&](const auto&... t) { return gradient_scale(norm, t...); }, terms_);
      with_update(step, scale, gradients, parameters, [&](range_update update) {
        parallel_for(pieces_.size(), threads, [&](std::size_t p) {
          const flush_denormals scope;
          update(pieces_[p].offset, pieces_[p].count);
        });
      });
      return loss;
    } else {
      loss_sum loss;
      with_update(step, 1.0f, gradients, parameters,
                  [&](range_update update) { loss = engine(update); });
      return loss;
    }
  }

  // Calls f(update), where update(offset, count) changes a range of parameters.
  void with_update(std::uint64_t step, float scale, const float* gradients, float* parameters,
                   function_view<void(range_update)> f) {
    const bool idle = std::apply([](const auto&... t) { return (detail::idle(t) && ...); }, terms_);
    const bool by_kind = has_penalties && !idle;
    std::array<update_numbers, has_penalties ? 3 : 1> numbers;  // by kind
    for (std::size_t k = 0; k < (by_kind ? numbers.size() : 1); ++k) {
      numbers[k] = kernels::numbers_of(parameter_kind{static_cast<int>(k)}, remembers_, present_, step,
                                       scale, terms_);
    }
    f([&](std::size_t at, std::size_t count) {
      const parameter_kind kind = by_kind ? tensor_at(at).kind : parameter_kind::free;
      run(kind, numbers[static_cast<std::size_t>(kind)], step, gradients, parameters, at, count);
    });
  }

  const detail::tensor_place& tensor_at(std::size_t offset) const {
    const auto behind = std::upper_bound(
        tensors_.begin(), tensors_.end(), offset,
        [](std::size_t at, const detail::tensor_place& t) { return at < t.begin; });
    return *(behind - 1);
  }

  void run(parameter_kind kind, const update_numbers& numbers, std::uint64_t step,
           const float* gradients, float* parameters, std::size_t offset, std::size_t count) {
    constexpr std::size_t noises = detail::asks_noise<Rule> ? 1 : 0;
    constexpr std::size_t together = 1024;
    const float* inputs[2 + slots + noises]{};
    float* outputs[1 + slots]{};
    const auto update = [&](std::size_t at, std::size_t here) {
      inputs[0] = gradients + at;
      inputs[1] = outputs[0] = parameters + at;
      for (std::size_t s = 0; s < slots && remembers_; ++s) {
        inputs[2 + s] = outputs[1 + s] = slots_[s].data() + at;
      }
      kernels::run(kind, remembers_, numbers, inputs, outputs, here);
    };
    if constexpr (noises == 0) {
      update(offset, count);
    } else {
      float noise[together];
      inputs[2 + slots] = noise;
      for (std::size_t at = 0; at < count; at += together) {
        const std::size_t here = std::min(together, count - at);
        fill_noise(step, offset + at, std::span(noise).first(here));
        update(offset + at, here);
      }
    }
  }

  // Between the rows of a tensor nothing may change.
  void fill_noise(std::uint64_t step, std::size_t offset, std::span<float> to) const {
    present_.noise(step).normals(offset, to);
    const detail::tensor_place& tensor = tensor_at(offset);
    if (tensor.row == tensor.pitch) return;
    for (std::size_t i = 0; i < to.size(); ++i) {
      if ((offset - tensor.begin + i) % tensor.pitch >= tensor.row) to[i] = 0;
    }
  }

  double gradient_norm(const float* gradients, const float* parameters, std::size_t threads) {
    const auto gradient = [&]<parameter_kind Kind>() {
      return std::apply(
          [](const auto&... t) { return expr::lift(results(penalized_gradient<Kind>(t...))); },
          terms_);
    };
    return std::sqrt(total(gradient.template operator()<parameter_kind::weight>(),
                           gradient.template operator()<parameter_kind::bias>(), gradients,
                           parameters, threads, [](double v) { return v * v; }));
  }

  // The sum of f over what two programs give of operand 0 and the parameters.
  template <class OfWeights, class OfBiases, class F>
  double total(const OfWeights& of_weights, const OfBiases& of_biases, const float* operand,
               const float* parameters, std::size_t threads, const F& f) {
    parallel_for(pieces_.size(), threads, [&](std::size_t p) {
      const flush_denormals scope;
      const auto [at, count, kind] = pieces_[p];
      float values[detail::longest_arena_piece];
      if (kind == parameter_kind::bias) {
        Isa::evaluate(of_biases, {operand + at, parameters + at}, {values}, count);
      } else {
        Isa::evaluate(of_weights, {operand + at, parameters + at}, {values}, count);
      }
      sums_[p] = detail::sum_of(std::span(values).first(count), f);
    });
    double sum = 0;
    for (const double part : sums_) sum += part;
    return sum;
  }

  Rule rule_, present_;
  std::tuple<Terms...> terms_;
  std::array<arena, slots> slots_;
  bool remembers_ = false;
  std::vector<detail::tensor_place> tensors_;
  std::vector<detail::arena_piece> pieces_;
  std::vector<double> sums_;
};

}  // namespace tesela
