// SPDX-License-Identifier: MIT
// The second half of a step: from gradients to changed parameters, in one pass over the arena.
//
// Each share of a gradient updates its parameters as soon as it is known. Only clip_norm waits for
// all of them; then the norm and the update are two more passes over fixed pieces of the arena. A
// piece is computed by one thread in one order, so the bytes do not depend on the number of
// threads.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/kernel/denormals.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/update.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/samples.hpp"
#include "tesela/train/arena_pieces.hpp"
#include "tesela/train/recipe.hpp"

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

template <class Model, class Rule, class... Terms>
class updater {
 public:
  using isa = typename Model::isa;
  static constexpr std::size_t slots = detail::slots_of<Rule>();

  updater(Model& trained, Rule rule, Terms... terms)
      : model_(&trained),
        rule_(rule),
        present_(rule),
        terms_(terms...),
        tensors_(detail::tensor_places<typename Model::network_type>()) {
    detail::validate(rule_);
    (detail::validate(terms), ...);
    if (detail::remembers(rule_)) remember();
    if constexpr (has_penalties || has_norm) {
      pieces_ = detail::pieces_of(tensors_);
      sums_.resize(pieces_.size());
    }
  }

  // Gives the rule its slots, if it has none yet: what a schedule changes may need them.
  void remember() {
    if (remembers_) return;
    remembers_ = true;
    const std::array<float, slots> initial = detail::initial_state(rule_);
    for (std::size_t s = 0; s < slots; ++s) {
      slots_[s] = arena(model_->parameters().size());
      std::fill(slots_[s].values().begin(), slots_[s].values().end(), initial[s]);
    }
  }

  // One step of the engine (train/engine.hpp), number `step` counted from 1.
  template <class Engine>
  loss_sum step(Engine& engine, const sample_source& source, std::span<const std::uint32_t> indices,
                std::size_t threads, std::uint64_t step) {
    if constexpr (!usable) {
      return {};  // the trainer has refused, and nothing more is to be said
    } else {
      return step_of(engine, source, indices, threads, step);
    }
  }

  // What the penalties add to the mean loss.
  double penalty(std::size_t threads) {
    if constexpr (!has_penalties || !usable) {
      return 0;
    } else {
      const auto value = [&]<parameter_kind Kind>() {
        return std::apply(
            [](const auto&... t) { return expr::lift(results(penalty_value<Kind>(t...))); },
            terms_);
      };
      return total(value.template operator()<parameter_kind::weight>(),
                   value.template operator()<parameter_kind::bias>(), model_->parameters().data(),
                   threads, [](double v) { return v; });
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
  static constexpr bool usable = detail::optimizer_complaint<Rule>().empty() &&
                                 detail::terms_complaint<Rule, Terms...>().empty();
  static constexpr bool has_norm = (detail::has_scale<Terms> || ...);
  static constexpr bool has_penalties =
      ((detail::has_value<Terms> || detail::has_after<Terms>) || ...);

  template <class Engine>
  loss_sum step_of(Engine& engine, const sample_source& source,
                   std::span<const std::uint32_t> indices, std::size_t threads,
                   std::uint64_t step) {
    const float* gradients = engine.gradients().data();
    if constexpr (has_norm) {
      const loss_sum loss = engine.step(source, indices, threads, [](std::size_t, std::size_t) {});
      const double norm = gradient_norm(gradients, threads);
      if (!std::isfinite(norm)) {
        throw training_error(
            "the norm of the gradient is not finite; the parameters are as before this step (a "
            "smaller learning rate or normalised inputs may help)");
      }
      const float scale =
          std::apply([&](const auto&... t) { return gradient_scale(norm, t...); }, terms_);
      with_programs(step, scale, [&](const auto& update) {
        parallel_for(pieces_.size(), threads, [&](std::size_t p) {
          const flush_denormals scope;
          update(gradients, pieces_[p].offset, pieces_[p].count);
        });
      });
      return loss;
    } else {
      loss_sum loss;
      with_programs(step, 1.0f, [&](const auto& update) {
        loss = engine.step(source, indices, threads, [&](std::size_t offset, std::size_t count) {
          update(gradients, offset, count);
        });
      });
      return loss;
    }
  }

  // Calls f(update), where update(gradients, offset, count) changes a range of parameters.
  template <class F>
  void with_programs(std::uint64_t step, float scale, const F& f) {
    if constexpr (detail::may_forget<Rule>) {
      if (!remembers_) {
        with_programs_of<false>(step, scale, f);
        return;
      }
    }
    with_programs_of<true>(step, scale, f);
  }
  template <bool Slots, class F>
  void with_programs_of(std::uint64_t step, float scale, const F& f) {
    const auto program = [&]<parameter_kind Kind>() {
      return std::apply(
          [&](const auto&... t) {
            return expr::lift(parameter_update<Kind, Slots>(present_, step, scale, t...));
          },
          terms_);
    };
    const auto free = program.template operator()<parameter_kind::free>();
    const bool idle = std::apply([](const auto&... t) { return (detail::idle(t) && ...); }, terms_);
    if constexpr (!has_penalties) {
      f([&](const float* g, std::size_t at, std::size_t count) { run<Slots>(free, step, g, at, count); });
    } else if (idle) {
      f([&](const float* g, std::size_t at, std::size_t count) { run<Slots>(free, step, g, at, count); });
    } else {
      const auto weight = program.template operator()<parameter_kind::weight>();
      const auto bias = program.template operator()<parameter_kind::bias>();
      f([&](const float* g, std::size_t at, std::size_t count) {
        if (tensor_at(at).kind == parameter_kind::bias) {
          run<Slots>(bias, step, g, at, count);
        } else {
          run<Slots>(weight, step, g, at, count);
        }
      });
    }
  }

  const detail::tensor_place& tensor_at(std::size_t offset) const {
    const auto behind = std::upper_bound(
        tensors_.begin(), tensors_.end(), offset,
        [](std::size_t at, const detail::tensor_place& t) { return at < t.begin; });
    return *(behind - 1);
  }

  template <bool Slots, class Program>
  void run(const Program& program, std::uint64_t step, const float* gradients, std::size_t offset,
           std::size_t count) {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      float* weights = model_->parameters().data() + offset;
      if constexpr (detail::asks_noise<Rule>) {
        constexpr std::size_t together = 1024;
        float noise[together];
        for (std::size_t at = 0; at < count; at += together) {
          const std::size_t here = std::min(together, count - at);
          fill_noise(step, offset + at, std::span(noise).first(here));
          isa::evaluate(
              program,
              {gradients + offset + at, weights + at, slots_[S].data() + offset + at..., noise},
              {weights + at, slots_[S].data() + offset + at...}, here);
        }
      } else {
        isa::evaluate(program, {gradients + offset, weights, slots_[S].data() + offset...},
                      {weights, slots_[S].data() + offset...}, count);
      }
    }
    (std::make_index_sequence<Slots ? slots : 0>{});
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

  double gradient_norm(const float* gradients, std::size_t threads) {
    const auto gradient = [&]<parameter_kind Kind>() {
      return std::apply(
          [](const auto&... t) { return expr::lift(results(penalized_gradient<Kind>(t...))); },
          terms_);
    };
    return std::sqrt(total(gradient.template operator()<parameter_kind::weight>(),
                           gradient.template operator()<parameter_kind::bias>(), gradients, threads,
                           [](double v) { return v * v; }));
  }

  // The sum of f over what two programs give of operand 0 and the parameters.
  template <class OfWeights, class OfBiases, class F>
  double total(const OfWeights& of_weights, const OfBiases& of_biases, const float* operand,
               std::size_t threads, const F& f) {
    const float* parameters = model_->parameters().data();
    parallel_for(pieces_.size(), threads, [&](std::size_t p) {
      const flush_denormals scope;
      const auto [at, count, kind] = pieces_[p];
      float values[detail::longest_arena_piece];
      if (kind == parameter_kind::bias) {
        isa::evaluate(of_biases, {operand + at, parameters + at}, {values}, count);
      } else {
        isa::evaluate(of_weights, {operand + at, parameters + at}, {values}, count);
      }
      sums_[p] = detail::sum_of(std::span(values).first(count), f);
    });
    double sum = 0;
    for (const double part : sums_) sum += part;
    return sum;
  }

  Model* model_;
  Rule rule_, present_;
  std::tuple<Terms...> terms_;
  std::array<arena, slots> slots_;
  bool remembers_ = false;
  std::vector<detail::tensor_place> tensors_;
  std::vector<detail::arena_piece> pieces_;
  std::vector<double> sums_;
};

}  // namespace tesela
