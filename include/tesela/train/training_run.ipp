// SPDX-License-Identifier: MIT
// Definitions of training_run.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/split.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/training_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tesela::detail {

inline bool is_rate(double rate) { return std::isfinite(static_cast<float>(rate)) && rate >= 0; }
inline constexpr const char* must_be_rate = "the learning rate must be 0 or a positive number, not";

TESELA_INLINE void check_samples(const data::dataset& samples, const network_ends& network,
                                 std::string_view who) {
  const auto& found = samples.extents();
  if (found != network.input) {
    throw usage_error(
        compose("{}: the network expects samples of {}, but the dataset has {}x{}x{}{}", who,
                network.input_text, found[0], found[1], found[2],
                network.flat ? ": begin the network with input<channels,height,width> | flatten"
                             : ""));
  }
  if (samples.target_count() != 0 && samples.target_count() != network.outputs) {
    throw usage_error(compose("{}: the dataset has {} targets a sample, but the network gives {}",
                              who, samples.target_count(), network.output_text));
  }
  // One output tells two classes apart.
  if (samples.classes() > (network.outputs == 1 ? 2 : network.outputs)) {
    throw usage_error(compose("{}: the dataset has {} classes, but the network gives {}", who,
                              samples.classes(), network.output_text));
  }
}

TESELA_INLINE void set_learning_rate(const scheduled_settings& settings, float rate) {
  if (!is_rate(double{rate})) {
    throw usage_error(compose("set_learning_rate: {} {}", must_be_rate, rate));
  }
  if (settings.learning_rate == nullptr) {
    throw usage_error(compose("set_learning_rate: {} has no learning_rate", settings.optimizer));
  }
  *settings.own_learning_rate = *settings.learning_rate = rate;
}

// Of what a loss counted; only classes are right or wrong.
inline metrics metrics_of(const loss_sum& sum, const sample_source& source, std::size_t samples) {
  metrics all{.loss = sum.loss / sum.weight, .samples = samples};
  if (source.labels != nullptr) {
    all.accuracy = static_cast<double>(sum.correct) / static_cast<double>(samples);
  }
  return all;
}

TESELA_INLINE metrics evaluate_blocks(const data::dataset& samples, std::size_t threads,
                                      block_loss loss) {
  constexpr std::size_t together = evaluated_together;  // between two meetings of the threads
  const std::span<const std::uint32_t> order = samples.indices();
  const sample_source source = samples.source();
  loss_sum sum;
  std::array<loss_sum, together> sums{};
  for (std::size_t first = 0; first < order.size(); first += together * block_lanes) {
    const auto here = order.subspan(first, std::min(together * block_lanes, order.size() - first));
    const std::size_t blocks = blocks_for(here.size());
    parallel_for(blocks, threads, [&](std::size_t b) {
      const std::size_t at = b * block_lanes;
      sums[b] = loss(b, source, here.subspan(at, std::min(block_lanes, here.size() - at)));
    });
    for (std::size_t b = 0; b < blocks; ++b) sum += sums[b];
  }
  return metrics_of(sum, source, order.size());
}

[[gnu::cold]] TESELA_INLINE void throw_failed_step(std::uint64_t step, const training_error& why) {
  throw training_error(compose("step {}: {}", step, why.what()));
}

TESELA_INLINE training_run::training_run() = default;
TESELA_INLINE training_run::~training_run() = default;

[[gnu::cold]] TESELA_INLINE void training_run::check(const data::dataset& samples,
                                                     const fit_options& options,
                                                     const scheduled_settings& settings) {
  if (options.epochs == 0) throw usage_error("fit: epochs must be at least 1, not 0");
  if (options.batch == 0) throw usage_error("fit: batch must be at least 1, not 0");
  if (options.schedule && settings.learning_rate == nullptr) {
    throw usage_error(
        compose("fit: a schedule needs an optimizer with a learning_rate, which {} has not",
                settings.optimizer));
  }
  if (options.momentum_schedule && settings.momentum == nullptr) {
    throw usage_error(compose(
        "fit: a momentum_schedule needs an optimizer with momentum or beta1, which {} has not",
        settings.optimizer));
  }
  if (goes_on) check_same_run(samples, options, settings);
}

inline std::string schedules_of(const fit_options& options) {
  return std::string(options.schedule ? "rate" : "") + (options.momentum_schedule ? "momentum" : "");
}

// A run that goes on must see the same samples in the same order at the same rates.
[[gnu::cold]] TESELA_INLINE void training_run::check_same_run(const data::dataset& samples,
                                                              const fit_options& options,
                                                              const scheduled_settings& settings) {
  const auto refuse = [](const std::string& what) {
    throw usage_error("fit: the run to go on with has " + what);
  };
  if (progress.seed.value != options.seed.value) {
    refuse(compose("seed {}, but the options have seed {}: it would not see the samples in its order",
                   progress.seed.value, options.seed.value));
  }
  if (progress.past.empty()) return;
  if (progress.batch != options.batch) {
    refuse(compose("batches of {}, but the options have {}: its steps would be others", progress.batch,
                   options.batch));
  }
  if (const std::size_t seen = progress.past.back().train.samples; seen != samples.size()) {
    refuse(compose("{} samples, but the dataset has {}: its steps would be others", seen, samples.size()));
  }
  if (const std::string given = schedules_of(options); given != progress.schedules) {
    const auto told = [](const std::string& which) {
      return which.empty() ? "no schedule"
             : which == "rate" ? "a schedule"
             : which == "momentum" ? "a momentum_schedule"
                                   : "both schedules";
    };
    refuse(compose("{}, but the options have {}", told(progress.schedules), told(given)));
  }
  // A schedule is a function, known by what it gives: at the end of every epoch so far.
  const std::size_t steps = (samples.size() + options.batch - 1) / options.batch;
  losses.clear();
  accuracies.clear();
  struct own_settings_again {
    const scheduled_settings& of;
    ~own_settings_again() {
      if (of.learning_rate != nullptr) *of.learning_rate = *of.own_learning_rate;
      if (of.momentum != nullptr) *of.momentum = *of.own_momentum;
    }
  } const scope{settings};
  for (const epoch_report& report : progress.past) {
    follow_schedules(options, settings, report.epoch - 1, steps - 1, steps);
    if (options.schedule && *settings.learning_rate != report.learning_rate) {
      refuse(compose("the rate {} in epoch {}, where the schedule gives {} now", report.learning_rate,
                     report.epoch, *settings.learning_rate));
    }
    note(report);
  }
  if (options.momentum_schedule && *settings.momentum != static_cast<float>(progress.momentum)) {
    refuse(compose("the momentum {} in epoch {}, where the schedule gives {} now", progress.momentum,
                   progress.past.size(), *settings.momentum));
  }
}

TESELA_INLINE void training_run::begin(const fit_options& options) {
  stopped = false;
  if (!goes_on) progress = {};
  progress.seed = options.seed;
  progress.batch = options.batch;
  progress.schedules = schedules_of(options);
  history& past = progress.past;
  past.reserve(std::min<std::size_t>(options.epochs, 1024));  // epochs allocate nothing
  losses.reserve(past.capacity());
  accuracies.reserve(past.capacity());
  losses.clear();
  accuracies.clear();
  for (const epoch_report& before : past) note(before);
  for (epoch_report& before : past) before.epochs = options.epochs;
}

TESELA_INLINE void training_run::note(const epoch_report& report) {
  const metrics& watched = report.validation.samples > 0 ? report.validation : report.train;
  losses.push_back(watched.loss);
  accuracies.push_back(watched.accuracy);
}

// Sets what the schedules say for step `step` of an epoch, both counted from 0.
TESELA_INLINE void training_run::follow_schedules(const fit_options& options,
                                                  const scheduled_settings& settings,
                                                  std::size_t epoch, std::size_t step,
                                                  std::size_t steps_per_epoch) const {
  if (!options.schedule && !options.momentum_schedule) return;
  schedule_position at;
  at.epoch = static_cast<double>(epoch);
  at.epochs = static_cast<double>(options.epochs);
  at.step = static_cast<double>(epoch * steps_per_epoch + step);
  at.steps = static_cast<double>(options.epochs * steps_per_epoch);
  at.losses = losses;
  at.accuracies = accuracies;
  if (options.schedule) {
    at.rate = double{*settings.own_learning_rate};
    const double rate = options.schedule(at);
    if (!is_rate(rate)) {
      throw usage_error(compose("the schedule, at epoch {} step {}: {} {}", epoch + 1, step + 1,
                                must_be_rate, rate));
    }
    *settings.learning_rate = static_cast<float>(rate);
  }
  if (options.momentum_schedule) {
    at.rate = double{*settings.own_momentum};
    const double momentum = options.momentum_schedule(at);
    if (!(momentum >= 0 && momentum < 1)) {
      throw usage_error(compose(
          "the momentum_schedule, at epoch {} step {}: momentum must be at least 0 and below 1, "
          "not {}",
          epoch + 1, step + 1, momentum));
    }
    *settings.momentum = static_cast<float>(momentum);
  }
}

TESELA_INLINE epoch_report training_run::epoch(const data::dataset& samples,
                                               const fit_options& options, std::size_t number,
                                               const scheduled_settings& settings,
                                               const calls& call) {
  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  data::epoch_order(samples, options.seed, number, order);
  const sample_source source = samples.source();
  batch_report now;
  now.epoch = number;
  now.epochs = options.epochs;
  now.of_samples = order.size();
  loss_sum sum;
  std::size_t steps = 0;
  for (std::size_t first = 0; first < order.size(); first += options.batch, ++steps) {
    const std::size_t count = std::min(options.batch, order.size() - first);
    follow_schedules(options, settings, number - 1, steps,
                     (order.size() + options.batch - 1) / options.batch);
    sum += call.step(source, std::span(order).subspan(first, count));
    now.samples += count;
    const auto so_far = static_cast<double>(now.samples);
    if (settings.learning_rate != nullptr) now.learning_rate = *settings.learning_rate;
    now.train = detail::metrics_of(sum, source, now.samples);
    now.seconds = std::chrono::duration<double>(clock::now() - start).count();
    now.images_per_second = so_far / now.seconds;
    call.batch_done(now);
  }
  epoch_report report;
  report.epoch = number;
  report.epochs = options.epochs;
  report.train = now.train;
  report.seconds = now.seconds;
  report.images_per_second = now.images_per_second;
  report.learning_rate = now.learning_rate;
  return report;
}

TESELA_INLINE void training_run::epochs(const data::dataset& samples, const fit_options& options,
                                        const scheduled_settings& settings,
                                        const std::uint64_t& steps, const calls& call) {
  history& past = progress.past;
  for (std::size_t number = past.size() + 1; number <= options.epochs && !stopped; ++number) {
    epoch_report report = epoch(samples, options, number, settings, call);
    report.steps = static_cast<std::size_t>(steps);
    if (options.validation != nullptr) report.validation = call.evaluate(*options.validation);
    past.push_back(report);
    if (options.momentum_schedule) progress.momentum = double{*settings.momentum};
    note(report);
    call.epoch_done(report);
  }
}

}  // namespace tesela::detail
