// SPDX-License-Identifier: MIT
// Which learning rates a network can take: a short run whose rate grows step by step (Smith 2015).
//
//   const auto found = learning_rate_range(teacher, train, {.from = 1e-6, .to = 1});
//   teacher.fit(train, {.schedule = cyclic_lr{.base_lr = found.base_lr, .max_lr = found.max_lr}});
//
// The losses are smoothed as a running mean. Where the smoothed loss has made a tenth of its way
// down, learning begins: base_lr. Where it has made nine tenths, it stalls: max_lr. The run ends
// when the loss is `give_up` times its best, or not finite. Parameters, the optimiser's memory and
// its learning rate are in the end what they were.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/split.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/train/misuse.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tesela {

// How learning_rate_range goes through the rates.
struct range_options {
  double from = 1e-6, to = 1;  // rates of the first and the last step
  std::size_t steps = 100;
  std::size_t batch = 64;
  tesela::seed seed{};  // of the order of samples
  double smoothing = 0.8;
  double give_up = 4;
};

// The loss of a step, and smoothed over those before it.
struct range_point {
  double rate = 0, loss = 0, smoothed = 0;
};

// The losses, and rates between which a cyclic schedule may go.
struct range_result {
  std::vector<range_point> curve;
  double base_lr = 0, max_lr = 0;  // 0 where the loss never fell
};

namespace detail {

// Gives a trainer back what it was made of.
template <class Trainer>
class trainer_as_it_was {
 public:
  explicit trainer_as_it_was(Trainer& trainer)
      : trainer_(&trainer),
        steps_(trainer.steps()),
        learning_rate_(trainer.optimizer().learning_rate) {
    keep(trainer.trained_model().parameters());
    for (std::size_t s = 0; s < slots; ++s) keep(trainer.optimizer_slot(s));
  }
  trainer_as_it_was(const trainer_as_it_was&) = delete;
  trainer_as_it_was& operator=(const trainer_as_it_was&) = delete;
  ~trainer_as_it_was() {
    give_back(0, trainer_->trained_model().parameters());
    for (std::size_t s = 0; s < slots; ++s) give_back(s + 1, trainer_->optimizer_slot(s));
    trainer_->set_steps(steps_);
    trainer_->set_learning_rate(learning_rate_);
  }

 private:
  static constexpr std::size_t slots = slots_of<typename Trainer::optimizer_type>();

  void keep(std::span<const float> values) { kept_.emplace_back(values.begin(), values.end()); }
  void give_back(std::size_t which, std::span<float> to) const {
    std::copy(kept_[which].begin(), kept_[which].end(), to.begin());
  }

  Trainer* trainer_;
  std::uint64_t steps_;
  float learning_rate_;
  std::vector<std::vector<float>> kept_;
};

inline void suggest(range_result& result) {
  if (result.curve.empty()) return;
  const auto lower = [](const range_point& a, const range_point& b) {
    return a.smoothed < b.smoothed;
  };
  const double first = result.curve.front().smoothed;
  const double best = std::min_element(result.curve.begin(), result.curve.end(), lower)->smoothed;
  if (!(best < first)) return;
  const auto rate_at = [&](double part) {
    const double level = first - part * (first - best);
    return std::find_if(result.curve.begin(), result.curve.end(),
                        [&](const range_point& p) { return p.smoothed <= level; })
        ->rate;
  };
  result.base_lr = rate_at(0.1);
  result.max_lr = rate_at(0.9);
}

// learning_rate_range(trainer, samples, options).
template <class Trainer>
constexpr sentence range_complaint() {
  sentence words = "tesela: learning_rate_range ";
  if constexpr (what_is<Trainer> != "a trainer") {
    return words << "expects a trainer that it may change, but gets "
                 << (std::is_const_v<Trainer> ? "a const one or " : "") << kind_of<Trainer>()
                 << ": write trainer teacher{model, cross_entropy, adam{}} and give that";
  } else if constexpr (!requires(typename Trainer::optimizer_type& rule) { rule.learning_rate; }) {
    return words << "needs an optimizer with a learning_rate, which "
                 << rule_name<typename Trainer::optimizer_type>() << " has not";
  } else {
    return sentence();
  }
}
template <class... Given>
struct range_call {
  static constexpr sentence complaint =
      sentence("tesela: learning_rate_range expects a trainer, a dataset and options, but gets ")
      << kinds_of<Given...>()
      << ": write learning_rate_range(teacher, train, {.from = 1e-6, .to = 1})";
};
template <class Trainer, class Samples, class... Options>
  requires(is_dataset<std::remove_cvref_t<Samples>> && sizeof...(Options) <= 1 &&
           (std::is_convertible_v<Options, range_options> && ...))
struct range_call<Trainer&, Samples, Options...> {
  static constexpr sentence complaint{};
};

}  // namespace detail

// The learning-rate range test (Smith 2015): steps with a rising rate. The model is as before afterwards.
template <class Trainer>
range_result learning_rate_range(Trainer& trainer, const data::dataset& samples,
                                 const range_options& options = {}) {
  constexpr sentence complaint = detail::range_complaint<Trainer>();
  if constexpr (!complaint.empty()) {
    (void)sizeof(tell<mistake_of<complaint>>());
    return {};
  } else {
    trainer.check_samples(samples, "learning_rate_range");
    if (!(options.from > 0) || !(options.to > options.from) || !std::isfinite(options.to)) {
      throw usage_error("learning_rate_range: rates must go up from a positive number");
    }
    if (options.steps < 2) throw usage_error("learning_rate_range: steps must be at least 2");
    if (options.batch == 0)
      throw usage_error("learning_rate_range: batch must be at least 1, not 0");
    if (!(options.smoothing >= 0 && options.smoothing < 1)) {
      throw usage_error("learning_rate_range: smoothing must be at least 0 and below 1");
    }
    const detail::trainer_as_it_was<Trainer> scope(trainer);
    range_result result;
    result.curve.reserve(options.steps);
    std::vector<std::uint32_t> order;
    std::size_t epoch = 0, first = 0;
    double mean = 0, weight = 0, best = 0;
    for (std::size_t s = 0; s < options.steps; ++s) {
      if (first >= order.size()) {
        data::epoch_order(samples, options.seed, ++epoch, order);
        first = 0;
      }
      const std::size_t count = std::min(options.batch, order.size() - first);
      const double part = static_cast<double>(s) / static_cast<double>(options.steps - 1);
      const double rate = options.from * std::pow(options.to / options.from, part);
      trainer.set_learning_rate(static_cast<float>(rate));
      double loss = 0;
      try {
        const auto sum = trainer.step(samples.source(), std::span(order).subspan(first, count));
        loss = sum.loss / sum.weight;
      } catch (const training_error&) {
        break;  // beyond what the network can take
      }
      first += count;
      mean = options.smoothing * mean + (1 - options.smoothing) * loss;
      weight = options.smoothing * weight + (1 - options.smoothing);
      result.curve.push_back({rate, loss, mean / weight});
      best = s == 0 ? mean / weight : std::min(best, mean / weight);
      if (mean / weight > options.give_up * best) break;
    }
    detail::suggest(result);
    return result;
  }
}

template <class... Given>
  requires Wrong<detail::range_call<Given...>>
range_result learning_rate_range(Given&&...) {
  (void)sizeof(tell<mistake_in<detail::range_call<Given...>>>());
  return {};
}

}  // namespace tesela
