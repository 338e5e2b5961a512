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
#include "tesela/data/dataset.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/train/engine.hpp"
#include "tesela/train/misuse.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/training_run.hpp"
#include "tesela/train/training_state.hpp"
#include "tesela/train/updater.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tesela {

// Trains a model: trainer teacher{model, cross_entropy, adam{.learning_rate = 1e-3f}}, where penalties
// and clippings may follow; then teacher.fit(train, {.epochs = 10}) and teacher.evaluate(test).
template <class Model, class LossType, class Rule, class... Terms>
class trainer : public detail::not_of_a_trainer {
 public:
  using network_type = typename Model::network_type;
  using isa = typename Model::isa;
  using optimizer_type = Rule;

  // The model must outlive its trainer and is changed by it. Behind the optimiser may stand penalties
  // and clippings (optim/penalty.hpp). Cold, as is what runs once: compiled for every network, small.
  [[gnu::cold]] trainer(Model& trained, LossType loss, Rule rule, Terms... terms)
      : model_(&trained),
        loss_(loss),
        updater_(detail::parameter_maps<network_type>(), trained.parameters().size(), rule, terms...),
        engine_(trained, loss) {
    if constexpr (requires { loss_.validate(network_type::output.size); }) {
      loss_.validate(network_type::output.size);
    }
  }

  // Reports every epoch; after `load_state` it begins behind the state's last epoch, and what it
  // returns and shows to callbacks includes the epochs before.
  template <class... Callbacks>
  [[gnu::cold]] history fit(const data::dataset& samples, const fit_options& options, Callbacks&&... callbacks) {
    check_samples(samples, "fit");
    if (options.validation != nullptr) check_samples(*options.validation, "fit: the validation set");
    run_.check(samples, options, settings());
    if (options.momentum_schedule) remember();
    use_threads(options.threads);
    engine_.reserve(std::min(options.batch, samples.size()));
    run_.begin(options);
    (notify_begin(callbacks, options), ...);
    run_.goes_on = false;
    const own_settings_again scope{&updater_};
    run_.epochs(
        samples, options, settings(), steps_,
        {[&](const sample_source& source, std::span<const std::uint32_t> indices) {
           return step(source, indices);
         },
         [&](const data::dataset& set) { return evaluate(set); },
         [&](const batch_report& report) { (notify_batch(callbacks, report), ...); },
         [&](const epoch_report& report) { (notify_epoch(callbacks, report), ...); }});
    const history& past = run_.progress.past;
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
  template <class Same = trainer>
  auto fit(const data::dataset&, const fit_options&, const detail::listed_callbacks&) {
    return sizeof(tell<mistake_in<detail::fit_with_list<Same>>>());
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
    engine_.use_masks({run_.progress.seed, steps_});
    try {
      return updater_.step(
          model_->parameters().plain(), engine_.gradients().data(), threads_, steps_,
          [&](range_update update) { return engine_.step(source, indices, threads_, update); });
    } catch (const training_error& why) {
      detail::throw_failed_step(steps_--, why);  // it did not happen
    }
  }

  template <class... Given>
    requires Wrong<detail::step_call<Given...>>
  auto step(const Given&...) {
    return sizeof(tell<mistake_in<detail::step_call<Given...>>>());
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
  [[gnu::cold]] metrics evaluate(const data::dataset& samples) {
    check_samples(samples, "evaluate");
    constexpr std::size_t block_floats = workspace<network_type>::block_floats;
    if (evaluation_.size() == 0) evaluation_ = arena(detail::evaluated_together * block_floats);
    return detail::evaluate_blocks(
        samples, threads_,
        [&](std::size_t b, const sample_source& source, std::span<const std::uint32_t> indices) {
          return evaluate_block(source, indices, evaluation_.data() + b * block_floats);
        });
  }

  // Throws where the samples do not fit the network; `who` begins the message.
  void check_samples(const data::dataset& samples, const char* who) const {
    static constexpr detail::network_ends ends = [] {
      constexpr image in = detail::image_of(network_type::input);
      return detail::network_ends{{in.channels, in.height, in.width},
                                  network_type::input.rank == 1,
                                  network_type::output.size,
                                  detail::name_text<std::remove_cvref_t<decltype(network_type::input)>>.view(),
                                  detail::name_text<std::remove_cvref_t<decltype(network_type::output)>>.view()};
    }();
    detail::check_samples(samples, ends, who);
  }

  // Ends `fit` after the present epoch; for callbacks, which may take the trainer as const: it is a wish.
  void stop() const { run_.stopped = true; }
  bool stopped() const { return run_.stopped; }

  Model& trained_model() { return *model_; }
  const Rule& optimizer() const { return updater_.rule(); }
  // What the penalties add to the mean loss, which is reported without them.
  double penalty() { return updater_.penalty(model_->parameters().plain(), threads_); }
  // The optimiser's own learning rate, from which schedules derive the present one.
  void set_learning_rate(float rate) { detail::set_learning_rate(settings(), rate); }
  template <class... Given>
    requires Wrong<detail::learning_rate_set<Given...>>
  auto set_learning_rate(const Given&...) {
    return sizeof(tell<mistake_in<detail::learning_rate_set<Given...>>>());
  }
  std::uint64_t steps() const { return steps_; }
  // What the optimiser remembers of every parameter, laid out like the parameters.
  std::span<float> optimizer_slot(std::size_t i) { return updater_.slot(i); }
  // Gives the optimiser slots that its present settings do not need.
  void remember() { updater_.remember(model_->parameters().size()); }
  void set_steps(std::uint64_t steps) { steps_ = steps; }

  // What a checkpoint notes of penalties, clippings and loss (train/recipe.hpp).
  std::string terms_text() const { return updater_.terms_text(); }
  std::string loss_text() const { return detail::loss_text<network_type::output.size>(loss_); }

  // Where `fit` stands; also after it has ended.
  const training_progress& progress() const { return run_.progress; }
  // Keeps a copy of the present parameters as the best so far; for callbacks, as is the next.
  void keep_best(std::size_t epoch, double loss) {
    const std::span<const float> now = std::as_const(*model_).parameters().plain();
    run_.progress.best.assign(now.begin(), now.end());
    run_.progress.best_epoch = epoch;
    run_.progress.best_loss = loss;
  }
  // Gives the model the parameters that were kept, if any.
  void restore_best() {
    std::copy(run_.progress.best.begin(), run_.progress.best.end(), model_->parameters().begin());
  }

  // Everything a run consists of, to be kept and gone on from (training_state.hpp).
  training_state state() { return training_state_of(*this); }
  void load_state(std::vector<named_tensor> tensors, const state_metadata& metadata) {
    load_training_state(*this, std::move(tensors), metadata);
  }
  // The next `fit` begins behind the last epoch of `from`.
  void go_on_from(training_progress from, std::uint64_t steps) {
    run_.progress = std::move(from);
    steps_ = steps;
    run_.goes_on = true;
  }

  void use_threads(std::size_t threads) { threads_ = threads == 0 ? hardware_threads() : threads; }
  std::size_t threads() const { return threads_; }

 private:
  // A schedule's rates end with the call of `fit` they were for, however it ends.
  struct own_settings_again {
    updater<isa, Rule, Terms...>* updates;
    ~own_settings_again() { updates->use_own_settings(); }
  };

  detail::scheduled_settings settings() {
    return {updater_.own_learning_rate(), updater_.learning_rate(), updater_.own_momentum(),
            updater_.momentum(), detail::optimizer_name<Rule>()};
  }

  loss_sum evaluate_block(const sample_source& source, std::span<const std::uint32_t> indices,
                          float* block) const {
    const float* results = model_->forward_block(source, indices, block);
    return loss_of_results<isa, results_of<network_type>>(loss_, source, indices, results, 1.0f, nullptr);
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
  updater<isa, Rule, Terms...> updater_;
  training_engine<Model, LossType> engine_;
  arena evaluation_;
  std::uint64_t steps_ = 0;
  std::size_t threads_ = hardware_threads();
  detail::training_run run_;
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
