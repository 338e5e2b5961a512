// SPDX-License-Identifier: MIT
// Trains a model: epochs of shuffled mini-batches, with callbacks in between.
//
//   trainer teacher{net, cross_entropy, adam{.learning_rate = 1e-3f}};   // then penalties, clipping
//   teacher.fit(train, {.epochs = 10, .batch = 64, .validation = &validation}, progress_bar{});
//   teacher.evaluate(test).accuracy;
//
// A callback is any object with one or more of
//   begin(trainer&, const fit_options&)      batch(trainer&, const batch_report&)
//   epoch(trainer&, const epoch_report&)     end(trainer&, const history&)
// and may call trainer.stop(); a std::optional of one may be empty.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/split.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/train/engine.hpp"
#include "tesela/train/misuse.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/training_state.hpp"
#include "tesela/train/updater.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tesela {

// What `fit` is told: trainer.fit(train, {.epochs = 10, .batch = 64, .validation = &validation}).
struct fit_options {
  std::size_t epochs = 10;
  std::size_t batch = 64;
  const data::dataset* validation = nullptr;
  tesela::seed seed{};
  std::size_t threads = 0;  // 0: one a processor
  learning_rate_schedule schedule{};           // none: the rate stays (optim/schedule.hpp)
  learning_rate_schedule momentum_schedule{};  // the same for the optimiser's momentum or beta1
};

// Trains a model: trainer teacher{model, cross_entropy, adam{.learning_rate = 1e-3f}}, where penalties
// and clippings may follow; then teacher.fit(train, {.epochs = 10}) and teacher.evaluate(test).
template <class Model, class LossType, class Rule, class... Terms>
class trainer {
 public:
  using network_type = typename Model::network_type;
  using isa = typename Model::isa;
  using optimizer_type = Rule;

  // The model must outlive its trainer and is changed by it. Behind the optimiser may stand penalties
  // and clippings (optim/penalty.hpp).
  trainer(Model& trained, LossType loss, Rule rule, Terms... terms)
      : model_(&trained), loss_(loss), updater_(trained, rule, terms...), engine_(trained, loss) {
    if constexpr (requires { loss_.validate(network_type::output.size); }) {
      loss_.validate(network_type::output.size);
    }
  }

  // Reports every epoch; after `load_state` it begins behind the state's last epoch, and what it
  // returns and shows to callbacks includes the epochs before.
  template <class... Callbacks>
  history fit(const data::dataset& samples, const fit_options& options, Callbacks&&... callbacks) {
    check(samples, "fit");
    if (options.validation != nullptr) check(*options.validation, "fit: the validation set");
    if (options.epochs == 0) throw usage_error("fit: epochs must be at least 1, not 0");
    if (options.batch == 0) throw usage_error("fit: batch must be at least 1, not 0");
    check_schedules(options);
    if (goes_on_) check_same_run(samples, options);
    use_threads(options.threads);
    engine_.reserve(std::min(options.batch, samples.size()));
    stopped_ = false;

    if (!goes_on_) progress_ = {};
    progress_.seed = options.seed;
    progress_.batch = options.batch;
    progress_.schedules = schedules_of(options);
    history& past = progress_.past;
    past.reserve(std::min<std::size_t>(options.epochs, 1024));  // epochs allocate nothing
    losses_.reserve(past.capacity());
    accuracies_.reserve(past.capacity());
    losses_.clear();
    accuracies_.clear();
    for (const epoch_report& before : past) note_for_schedules(before);
    for (epoch_report& before : past) before.epochs = options.epochs;
    (notify_begin(callbacks, options), ...);
    goes_on_ = false;
    const own_settings_again scope{&updater_};
    for (std::size_t epoch = past.size() + 1; epoch <= options.epochs && !stopped_; ++epoch) {
      epoch_report report = run_epoch(samples, options, epoch, callbacks...);
      if (options.validation != nullptr) report.validation = evaluate(*options.validation);
      past.push_back(report);
      if (options.momentum_schedule) progress_.momentum = double{*updater_.momentum()};
      note_for_schedules(report);
      (notify_epoch(callbacks, report), ...);
    }
    (notify_end(callbacks, past), ...);
    return past;
  }

  // Callbacks that are none.
  template <class... Callbacks>
    requires Wrong<detail::callbacks_call<trainer, Callbacks&...>>
  auto fit(const data::dataset&, const fit_options&, Callbacks&&...) {
    return sizeof(tell<mistake_in<detail::callbacks_call<trainer, Callbacks&...>>>());
  }
  // Other arguments of fit and evaluate. Braces are deduced as any_options where they do not make
  // fit_options, and nothing else could take them.
  template <class Samples, class Options = detail::any_options, class... More>
    requires Wrong<detail::fit_call<Samples, Options>>
  auto fit(const Samples&, const Options&, More&&...) {
    return sizeof(tell<mistake_in<detail::fit_call<Samples, Options>>>());
  }
  template <class Samples, class Callback,
            std::same_as<detail::any_options> Options = detail::any_options>
    requires(!std::is_same_v<Callback, fit_options>)
  auto fit(const Samples&, const Callback&, const Options&) {
    return sizeof(tell<mistake_in<detail::fit_order<Samples, Callback>>>());
  }
  template <class... Few>
    requires(sizeof...(Few) < 2)
  auto fit(const Few&...) {
    return sizeof(tell<mistake_in<detail::fit_call<Few...>>>());
  }
  template <class... Given>
    requires Wrong<detail::evaluate_call<Given...>>
  auto evaluate(const Given&...) {
    return sizeof(tell<mistake_in<detail::evaluate_call<Given...>>>());
  }

  // One step on the samples at `indices` of a source; the sum of their losses before the step.
  loss_sum step(const sample_source& source, std::span<const std::uint32_t> indices) {
    if (indices.empty()) throw usage_error("step: a batch needs at least one sample");
    ++steps_;
    engine_.use_masks({progress_.seed, steps_});
    try {
      return updater_.step(engine_, source, indices, threads_, steps_);
    } catch (const training_error& error) {
      throw training_error(compose("step {}: {}", steps_--, error.what()));  // it did not happen
    }
  }

  // The loss of a batch and, in `gradients`, its gradient; the weights stay as they are.
  loss_sum differentiate(const sample_source& source, std::span<const std::uint32_t> indices) {
    if (indices.empty()) throw usage_error("differentiate: a batch needs at least one sample");
    return engine_.step(source, indices, threads_, [](std::size_t, std::size_t) {});
  }
  // Of the last batch, mean over its samples, named and ordered like the model's state_dict.
  std::vector<named_tensor> gradients() const {
    return state_dict_of<network_type>(engine_.gradients());
  }

  // Mean loss and accuracy on a set; changes nothing.
  metrics evaluate(const data::dataset& samples) {
    check(samples, "evaluate");
    constexpr std::size_t together = 16;  // blocks between two meetings of the threads
    if (evaluation_.size() == 0) evaluation_ = arena(together * workspace<network_type>::block_floats);
    const std::span<const std::uint32_t> order = samples.indices();
    const sample_source source = samples.source();
    loss_sum sum;
    std::array<loss_sum, together> sums{};
    for (std::size_t first = 0; first < order.size(); first += together * block_lanes) {
      const auto here = order.subspan(first, std::min(together * block_lanes, order.size() - first));
      const std::size_t blocks = blocks_for(here.size());
      parallel_for(blocks, threads_, [&](std::size_t b) {
        const std::size_t at = b * block_lanes;
        sums[b] = evaluate_block(source, here.subspan(at, std::min(block_lanes, here.size() - at)),
                                 evaluation_.data() + b * workspace<network_type>::block_floats);
      });
      for (std::size_t b = 0; b < blocks; ++b) sum += sums[b];
    }
    const auto count = static_cast<double>(order.size());
    return {sum.loss / sum.weight, static_cast<double>(sum.correct) / count, order.size()};
  }

  // Throws where the samples do not fit the network; `who` begins the message.
  void check_samples(const data::dataset& samples, const char* who) const { check(samples, who); }

  // Ends `fit` after the present epoch; for callbacks.
  void stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }

  Model& trained_model() { return *model_; }
  const Rule& optimizer() const { return updater_.rule(); }
  // What the penalties add to the mean loss, which is reported without them.
  double penalty() { return updater_.penalty(threads_); }
  // The optimiser's own learning rate, from which schedules derive the present one.
  void set_learning_rate(float rate) {
    if (!is_rate(double{rate})) {
      throw usage_error(compose("set_learning_rate: {} {}", must_be_rate, rate));
    }
    if (updater_.learning_rate() == nullptr) {
      throw usage_error(
          compose("set_learning_rate: {} has no learning_rate", detail::optimizer_name<Rule>()));
    }
    *updater_.own_learning_rate() = *updater_.learning_rate() = rate;
  }
  std::uint64_t steps() const { return steps_; }
  // What the optimiser remembers of every parameter, laid out like the parameters.
  std::span<float> optimizer_slot(std::size_t i) { return updater_.slot(i); }
  // Gives the optimiser slots that its present settings do not need.
  void remember() { updater_.remember(); }
  void set_steps(std::uint64_t steps) { steps_ = steps; }

  // What a checkpoint notes of penalties, clippings and loss (train/recipe.hpp).
  std::string terms_text() const { return updater_.terms_text(); }
  std::string loss_text() const { return detail::loss_text<network_type::output.size>(loss_); }

  // Where `fit` stands; also after it has ended.
  const training_progress& progress() const { return progress_; }
  // Keeps a copy of the present parameters as the best so far; for callbacks, as is the next.
  void keep_best(std::size_t epoch, double loss) {
    const std::span<const float> now = std::as_const(*model_).parameters();
    progress_.best.assign(now.begin(), now.end());
    progress_.best_epoch = epoch;
    progress_.best_loss = loss;
  }
  // Gives the model the parameters that were kept, if any.
  void restore_best() {
    std::copy(progress_.best.begin(), progress_.best.end(), model_->parameters().begin());
  }

  // Everything a run consists of, to be kept and gone on from (training_state.hpp).
  training_state state() { return training_state_of(*this); }
  void load_state(std::vector<named_tensor> tensors, const state_metadata& metadata) {
    load_training_state(*this, std::move(tensors), metadata);
  }
  // The next `fit` begins behind the last epoch of `from`.
  void go_on_from(training_progress from, std::uint64_t steps) {
    progress_ = std::move(from);
    steps_ = steps;
    goes_on_ = true;
  }

  void use_threads(std::size_t threads) { threads_ = threads == 0 ? hardware_threads() : threads; }
  std::size_t threads() const { return threads_; }

 private:
  // A schedule's rates end with the call of `fit` they were for, however it ends.
  struct own_settings_again {
    updater<Model, Rule, Terms...>* updates;
    ~own_settings_again() { updates->use_own_settings(); }
  };

  [[gnu::cold]] void check_schedules(const fit_options& options) {
    if (options.schedule && updater_.learning_rate() == nullptr) {
      throw usage_error(
          compose("fit: a schedule needs an optimizer with a learning_rate, which {} has not",
                  detail::optimizer_name<Rule>()));
    }
    if (options.momentum_schedule && updater_.momentum() == nullptr) {
      throw usage_error(compose(
          "fit: a momentum_schedule needs an optimizer with momentum or beta1, which {} has not",
          detail::optimizer_name<Rule>()));
    }
    if (options.momentum_schedule) updater_.remember();
  }

  static std::string schedules_of(const fit_options& options) {
    return std::string(options.schedule ? "rate" : "") + (options.momentum_schedule ? "momentum" : "");
  }

  // A run that goes on must see the same samples in the same order at the same rates.
  [[gnu::cold]] void check_same_run(const data::dataset& samples, const fit_options& options) {
    const auto refuse = [](const std::string& what) {
      throw usage_error("fit: the run to go on with has " + what);
    };
    if (progress_.seed.value != options.seed.value) {
      refuse(compose("seed {}, but the options have seed {}: it would not see the samples in its order",
                     progress_.seed.value, options.seed.value));
    }
    if (progress_.past.empty()) return;
    if (progress_.batch != options.batch) {
      refuse(compose("batches of {}, but the options have {}: its steps would be others", progress_.batch,
                     options.batch));
    }
    if (const std::size_t seen = progress_.past.back().train.samples; seen != samples.size()) {
      refuse(compose("{} samples, but the dataset has {}: its steps would be others", seen, samples.size()));
    }
    if (const std::string given = schedules_of(options); given != progress_.schedules) {
      const auto told = [](const std::string& which) {
        return which.empty() ? "no schedule"
               : which == "rate" ? "a schedule"
               : which == "momentum" ? "a momentum_schedule"
                                     : "both schedules";
      };
      refuse(compose("{}, but the options have {}", told(progress_.schedules), told(given)));
    }
    // A schedule is a function, known by what it gives: at the end of every epoch so far.
    const std::size_t steps = (samples.size() + options.batch - 1) / options.batch;
    losses_.clear();
    accuracies_.clear();
    const own_settings_again scope{&updater_};
    for (const epoch_report& report : progress_.past) {
      follow_schedules(options, report.epoch - 1, steps - 1, steps);
      if (options.schedule && *updater_.learning_rate() != report.learning_rate) {
        refuse(compose("the rate {} in epoch {}, where the schedule gives {} now", report.learning_rate,
                       report.epoch, *updater_.learning_rate()));
      }
      note_for_schedules(report);
    }
    if (options.momentum_schedule && *updater_.momentum() != static_cast<float>(progress_.momentum)) {
      refuse(compose("the momentum {} in epoch {}, where the schedule gives {} now", progress_.momentum,
                     progress_.past.size(), *updater_.momentum()));
    }
  }

  static bool is_rate(double rate) {
    return std::isfinite(static_cast<float>(rate)) && rate >= 0;
  }
  static constexpr const char* must_be_rate =
      "the learning rate must be 0 or a positive number, not";

  void note_for_schedules(const epoch_report& report) {
    const metrics& watched = report.validation.samples > 0 ? report.validation : report.train;
    losses_.push_back(watched.loss);
    accuracies_.push_back(watched.accuracy);
  }

  // Sets what the schedules say for step `step` of an epoch, both counted from 0.
  void follow_schedules(const fit_options& options, std::size_t epoch, std::size_t step,
                        std::size_t steps_per_epoch) {
    if (!options.schedule && !options.momentum_schedule) return;
    schedule_position at;
    at.epoch = static_cast<double>(epoch);
    at.epochs = static_cast<double>(options.epochs);
    at.step = static_cast<double>(epoch * steps_per_epoch + step);
    at.steps = static_cast<double>(options.epochs * steps_per_epoch);
    at.losses = losses_;
    at.accuracies = accuracies_;
    if (options.schedule) {
      at.rate = double{*updater_.own_learning_rate()};
      const double rate = options.schedule(at);
      if (!is_rate(rate)) {
        throw usage_error(compose("the schedule, at epoch {} step {}: {} {}", epoch + 1, step + 1,
                                  must_be_rate, rate));
      }
      *updater_.learning_rate() = static_cast<float>(rate);
    }
    if (options.momentum_schedule) {
      at.rate = double{*updater_.own_momentum()};
      const double momentum = options.momentum_schedule(at);
      if (!(momentum >= 0 && momentum < 1)) {
        throw usage_error(compose(
            "the momentum_schedule, at epoch {} step {}: momentum must be at least 0 and below 1, "
            "not {}",
            epoch + 1, step + 1, momentum));
      }
      *updater_.momentum() = static_cast<float>(momentum);
    }
  }

  template <class... Callbacks>
  epoch_report run_epoch(const data::dataset& samples, const fit_options& options,
                         std::size_t epoch, Callbacks&... callbacks) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    data::epoch_order(samples, options.seed, epoch, order_);
    const sample_source source = samples.source();
    batch_report now;
    now.epoch = epoch;
    now.epochs = options.epochs;
    now.of_samples = order_.size();
    loss_sum sum;
    for (std::size_t first = 0; first < order_.size(); first += options.batch) {
      const std::size_t count = std::min(options.batch, order_.size() - first);
      follow_schedules(options, epoch - 1, first / options.batch,
                       (order_.size() + options.batch - 1) / options.batch);
      sum += step(source, std::span(order_).subspan(first, count));
      now.samples += count;
      const auto seen = static_cast<double>(now.samples);
      if (updater_.learning_rate() != nullptr) now.learning_rate = *updater_.learning_rate();
      now.train = {sum.loss / sum.weight, static_cast<double>(sum.correct) / seen, now.samples};
      now.seconds = std::chrono::duration<double>(clock::now() - start).count();
      now.images_per_second = seen / now.seconds;
      (notify_batch(callbacks, now), ...);
    }
    epoch_report report;
    report.epoch = epoch;
    report.epochs = options.epochs;
    report.train = now.train;
    report.seconds = now.seconds;
    report.images_per_second = now.images_per_second;
    report.steps = static_cast<std::size_t>(steps_);
    report.learning_rate = now.learning_rate;
    return report;
  }

  loss_sum evaluate_block(const sample_source& source, std::span<const std::uint32_t> indices,
                          float* block) const {
    const float* results = model_->forward_block(source, indices, block);
    return loss_of_results<isa, network_type>(loss_, source, indices, results, 1.0f, nullptr);
  }

  void check(const data::dataset& samples, const char* who) const {
    const image in = detail::image_of(network_type::input);
    const std::array<std::size_t, 3> expected{in.channels, in.height, in.width};
    const auto& found = samples.extents();
    if (found != expected) {
      const bool flat = network_type::input.rank == 1;
      throw usage_error(
          compose("{}: the network expects samples of {}, but the dataset has {}x{}x{}{}", who,
                  network_type::input.name().view(), found[0], found[1], found[2],
                  flat ? ": begin the network with input<channels,height,width> | flatten" : ""));
    }
    constexpr std::size_t outputs = network_type::output.size;
    if (samples.target_count() != 0 && samples.target_count() != outputs) {
      throw usage_error(compose("{}: the dataset has {} targets a sample, but the network gives {}",
                                who, samples.target_count(), network_type::output.name().view()));
    }
    // One output tells two classes apart.
    if (samples.classes() > (outputs == 1 ? 2 : outputs)) {
      throw usage_error(compose("{}: the dataset has {} classes, but the network gives {}", who,
                                samples.classes(), network_type::output.name().view()));
    }
  }

  template <class Callback>
  void notify_begin(Callback& callback, const fit_options& options) {
    if constexpr (requires { callback.has_value(); }) {
      if (callback.has_value()) notify_begin(*callback, options);
    } else if constexpr (requires { callback.begin(*this, options); }) {
      callback.begin(*this, options);
    }
  }
  template <class Callback>
  void notify_batch(Callback& callback, const batch_report& report) {
    if constexpr (requires { callback.has_value(); }) {
      if (callback.has_value()) notify_batch(*callback, report);
    } else if constexpr (requires { callback.batch(*this, report); }) {
      callback.batch(*this, report);
    }
  }
  template <class Callback>
  void notify_epoch(Callback& callback, const epoch_report& report) {
    if constexpr (requires { callback.has_value(); }) {
      if (callback.has_value()) notify_epoch(*callback, report);
    } else if constexpr (requires { callback.epoch(*this, report); }) {
      callback.epoch(*this, report);
    }
  }
  template <class Callback>
  void notify_end(Callback& callback, const history& past) {
    if constexpr (requires { callback.has_value(); }) {
      if (callback.has_value()) notify_end(*callback, past);
    } else if constexpr (requires { callback.end(*this, past); }) {
      callback.end(*this, past);
    }
  }

  Model* model_;
  LossType loss_;
  updater<Model, Rule, Terms...> updater_;
  training_engine<Model, LossType> engine_;
  arena evaluation_;
  std::vector<std::uint32_t> order_;
  std::vector<double> losses_, accuracies_;  // of every epoch, for schedules
  std::uint64_t steps_ = 0;
  std::size_t threads_ = hardware_threads();
  training_progress progress_;
  bool stopped_ = false, goes_on_ = false;
};

// In the place of a trainer refused: it tells why when it is made, and then takes anything.
template <class Model, class LossType, class Rule, class... Terms>
  requires Wrong<detail::checked_trainer<Model, LossType, Rule, Terms...>>
class trainer<Model, LossType, Rule, Terms...> : public detail::refused_trainer {
  char told[sizeof(tell<mistake_in<detail::checked_trainer<Model, LossType, Rule, Terms...>>>())];

 public:
  using detail::refused_trainer::refused_trainer;
};
// The trainer of a model refused: the model has told.
template <class Model, class LossType, class Rule, class... Terms>
  requires detail::is_refused<Model>
class trainer<Model, LossType, Rule, Terms...> : public detail::refused_trainer {
 public:
  using detail::refused_trainer::refused_trainer;
};

template <class Model, class LossType, class Rule, class... Terms>
trainer(Model&, LossType, Rule, Terms...) -> trainer<Model, LossType, Rule, Terms...>;
template <class... Given>
  requires Wrong<detail::trainer_call<Given...>>
trainer(Given&&...) -> trainer<detail::wrong_call<detail::trainer_call<Given...>>, void, void>;

}  // namespace tesela
