// SPDX-License-Identifier: MIT
// What can be wrong with the arguments of a trainer, of fit and of evaluate, and with an optimizer or a
// callback of the user's own: each is a check (core/diagnostics.hpp) on types alone.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/misuse.hpp"
#include "tesela/data/split.hpp"
#include "tesela/network/misuse.hpp"
#include "tesela/network/network.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/optim/loss_misuse.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/optim/update.hpp"
#include "tesela/train/report.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tesela {

template <class Model, class LossType, class Rule, class... Terms>
class trainer;
struct fit_options;

namespace detail {

template <class Model, class LossType, class Rule, class... Terms>
inline constexpr std::string_view what_is<trainer<Model, LossType, Rule, Terms...>> = "a trainer";

// Whether a class has a member of a name, whatever it takes: beside another member of that name it
// would be ambiguous.
template <class T>
concept Inheritable = std::is_class_v<T> && !std::is_final_v<T>;
struct name_rule { int rule; };
struct name_formula { int formula; };
struct name_block { int block; };
struct name_begin { int begin; };
struct name_batch { int batch; };
struct name_epoch { int epoch; };
struct name_end { int end; };
template <class T, class Name>
struct beside : T, Name {};
template <class T>
concept NamesRule = Inheritable<T> && !requires { &beside<T, name_rule>::rule; };
template <class T>
concept NamesFormula = Inheritable<T> && !requires { &beside<T, name_formula>::formula; };
template <class T>
concept NamesBlock = Inheritable<T> && !requires { &beside<T, name_block>::block; };
template <class T>
concept NamesBegin = Inheritable<T> && !requires { &beside<T, name_begin>::begin; };
template <class T>
concept NamesBatch = Inheritable<T> && !requires { &beside<T, name_batch>::batch; };
template <class T>
concept NamesEpoch = Inheritable<T> && !requires { &beside<T, name_epoch>::epoch; };
template <class T>
concept NamesEnd = Inheritable<T> && !requires { &beside<T, name_end>::end; };

template <class T>
concept ModelLike = what_is<T> == "a model";

// Layers have names too.
template <class T>
concept LossLike = !Layer<T> && Loss<T> && (NamesFormula<T> || NamesBlock<T>);
template <LossLike T>
inline constexpr std::string_view what_is<T> = "a loss";
// An optimizer, or what was meant to be one.
template <class T>
concept OptimizerLike = !LossLike<T> && (has_slots<T> || NamesRule<T>);
template <OptimizerLike T>
inline constexpr std::string_view what_is<T> = "an optimizer";

// The layer that makes a network's numbers: behind it stand dropout and flatten at most.
template <class Net>
constexpr std::size_t deciding_layer() {
  std::size_t last = 0, i = 0;
  [&]<class... Placed>(meta::list<Placed...>) {
    const auto look = [&](layer_role kind) {
      if (kind != layer_role::mask && kind != layer_role::reshape) last = i;
      ++i;
    };
    (look(Placed::layer::kind), ...);
  }(typename Net::placed_layers{});
  return last;
}

// A schedule or a callback among a trainer's arguments.
template <class... Terms>
constexpr sentence given_to_fit() {
  sentence first;
  [[maybe_unused]] const auto look = [&]<class Term>(std::type_identity<Term>) {
    if constexpr (std::is_invocable_r_v<double, const Term&, const schedule_position&>) {
      first = "a schedule: write trainer.fit(train, {.epochs = 10, .schedule = step_lr{30}})";
    } else if constexpr (NamesBegin<Term> || NamesBatch<Term> || NamesEpoch<Term> ||
                         NamesEnd<Term>) {
      first = "a callback: write trainer.fit(train, {.epochs = 10}, progress_bar{})";
    }
  };
  (look(std::type_identity<Terms>{}), ...);
  if (first.empty()) return first;
  return sentence(
             "tesela: behind the optimizer a trainer expects penalties and clipping, but gets ")
         << first;
}

// Whether a loss fits what a network gives.
template <class Net, class LossType>
constexpr sentence loss_complaint() {
  using last = typename meta::at<typename Net::placed_layers, deciding_layer<Net>()>::layer;
  const sentence end = sentence("layer ") << deciding_layer<Net>() << " " << last::name();
  sentence words = "tesela: ";
  if constexpr (Net::parameter_count == 0) {
    return words << "a trainer expects a network with weights, but this one has none: add "
                    "linear<...> or conv2d<...>";
  } else if constexpr (Net::output.rank != 1) {
    return words << LossType::name()
                 << " expects a flat output (one number a class), but the network gives "
                 << Net::output.name() << ": end it with flatten and linear<classes>";
  } else if constexpr (LossType::name() == "cross_entropy" && Net::output.size == 1) {
    return words << "cross_entropy expects a number for every class, but the network gives one: end "
                    "it with linear<2> for two classes, or train with "
                    "binary_cross_entropy_with_logits";
  } else if constexpr ((LossType::name() == "cross_entropy" || LossType::name() == "cross_entropy_formula") &&
                       (last::name() == "softmax" || last::name() == "log_softmax")) {
    return words << LossType::name()
                 << " expects the numbers before softmax, which it computes itself, but "
                    "the network ends in "
                 << end << ": remove that layer";
  } else if constexpr ((LossType::name() == "nll" || LossType::name() == "kl_divergence") &&
                       (last::kind == layer_role::product || last::name() == "softmax" ||
                        last::name() == "relu" || last::name() == "sigmoid" || last::name() == "tanh")) {
    return words << LossType::name()
                 << " expects logarithms of probabilities, but the network ends in " << end
                 << ": end it with log_softmax, or train numbers before softmax with cross_entropy";
  } else if constexpr (LossType::name() == "binary_cross_entropy" && last::kind == layer_role::product) {
    return words << "binary_cross_entropy expects probabilities, but the network ends in " << end
                 << ": put sigmoid behind it, or train with binary_cross_entropy_with_logits";
  } else if constexpr (LossType::name() == "binary_cross_entropy_with_logits" &&
                       (last::name() == "sigmoid" || last::name() == "softmax")) {
    return words << "binary_cross_entropy_with_logits expects the numbers before sigmoid, which it "
                    "computes "
                    "itself, but the network ends in "
                 << end << ": remove that layer";
  } else if constexpr (requires { requires LossType::features != Net::output.size; }) {
    return words << LossType::name() << " is made for " << LossType::features
                 << " outputs, but the network gives " << Net::output.name()
                 << ": write gaussian_likelihood<" << Net::output.size << ">";
  } else if constexpr (NamesFormula<LossType>) {
    return formula_complaint<Net::output.size, LossType>();
  } else {
    return {};
  }
}

// trainer{model, loss, optimizer, terms...}, where these were given.
template <class Model, class LossType = void, class Rule = void, class... Terms>
struct checked_trainer {
  static constexpr sentence complaint = [] {
    using model_type = std::remove_cv_t<Model>;
    sentence words = "tesela: a trainer expects ";
    if constexpr (requires { Model::complaint; }) {
      return Model::complaint;
    } else if constexpr (is_refused<model_type>) {
      return sentence();  // the model has told already
    } else if constexpr (is_network<model_type>) {
      return words << "a model, but gets its network: write model model{net, init::he_normal, "
                      "seed{42}} and give that";
    } else if constexpr (!ModelLike<model_type>) {
      return words << "a model as its first argument, but gets " << kind_of<Model>()
                   << ": write trainer{model, cross_entropy, adam{}}";
    } else if constexpr (std::is_const_v<Model>) {
      return words << "a model that it may change, but gets a const one: drop the const";
    } else if constexpr (OptimizerLike<LossType> && LossLike<Rule>) {
      return words << "first the loss and then the optimizer: write trainer{model, cross_entropy, "
                      "adam{}}";
    } else if constexpr (!LossLike<LossType>) {
      return words << "a loss as its second argument, but gets " << kind_of<LossType>()
                   << ": write cross_entropy, or a loss of your own (optim/loss.hpp)";
    } else if constexpr (!OptimizerLike<Rule>) {
      return words << "an optimizer as its third argument, but gets " << kind_of<Rule>()
                   << ": write adam{.learning_rate = 1e-3f} or sgd{...}";
    } else if constexpr (constexpr sentence rule = optimizer_complaint<Rule>(); !rule.empty()) {
      return rule;
    } else if constexpr (constexpr sentence elsewhere = given_to_fit<Terms...>();
                         !elsewhere.empty()) {
      return elsewhere;
    } else if constexpr (constexpr sentence terms = terms_complaint<Rule, Terms...>();
                         !terms.empty()) {
      return terms;
    } else {
      return loss_complaint<typename model_type::network_type, LossType>();
    }
  }();
};

// Too few arguments, or a model that does not last.
template <class... Given>
struct trainer_call {
  static constexpr sentence complaint =
      sentence("tesela: trainer{...} expects a model, a loss and an optimizer, but gets ")
      << kinds_of<Given...>() << ": write trainer{model, cross_entropy, adam{}}";
};
template <class Model, class LossType, class Rule, class... Terms>
struct trainer_call<Model&, LossType, Rule, Terms...> {
  static constexpr sentence complaint{};  // checked_trainer's
};
template <class Model, class LossType, class Rule, class... Terms>
struct trainer_call<Model, LossType, Rule, Terms...> {
  static constexpr sentence complaint = [] {
    if constexpr (ModelLike<std::remove_cvref_t<Model>>) {
      return sentence(
          "tesela: a trainer expects a model that outlives it, but gets a temporary one: write model "
          "model{net, init::he_normal, seed{42}} first and give that");
    } else {
      return checked_trainer<Model, std::remove_cvref_t<LossType>, std::remove_cvref_t<Rule>,
                             std::remove_cvref_t<Terms>...>::complaint;
    }
  }();
};
template <class Trainer>
  requires(what_is<std::remove_cvref_t<Trainer>> == "a trainer")
struct trainer_call<Trainer> {  // a copy
  static constexpr sentence complaint{};
};

// fit(samples, options, callbacks...).
template <class... Given>
struct fit_call {
  static constexpr sentence complaint =
      sentence("tesela: fit expects a dataset and options, but gets ")
      << kinds_of<Given...>() << ": write fit(train, {.epochs = 10}, progress_bar{})";
};
template <class Samples, class Options>
struct fit_call<Samples, Options> {
  static constexpr sentence complaint = [] {
    if constexpr (!is_dataset<Samples>) {
      return samples_complaint<Samples>("fit");
    } else if constexpr (std::is_same_v<Options, any_options>) {
      return sentence(
          "tesela: fit expects as options {.epochs = 10, .batch = 64, .validation = &samples, .seed = "
          "seed{1}, .threads = 2, .schedule = step_lr{30}}, in this order, but gets a name or type that is "
          "not among them");
    } else if constexpr (!std::is_same_v<Options, fit_options>) {
      return sentence("tesela: fit expects options as its second argument, but gets ")
             << kind_of<Options>() << ": write fit(train, {.epochs = 10})";
    } else {
      return sentence();
    }
  }();
};
template <class Samples, class Callback>
struct fit_order {
  static constexpr sentence complaint =
      !is_dataset<Samples>
          ? samples_complaint<Samples>("fit")
          : sentence("tesela: fit expects the options before the callbacks, but gets ")
                << kind_of<Callback>()
                << " before them: write fit(train, {.epochs = 10, .validation = "
                   "&samples}, progress_bar{})";
};

// fit(samples, options, {callback, callback}): what takes the braces.
struct listed_callbacks {
  template <class First, class... More>
    requires(!std::is_same_v<First, listed_callbacks>)
  listed_callbacks(const First&, const More&...) {}
};
template <class Trainer>
struct fit_with_list {
  static constexpr sentence complaint =
      "tesela: fit expects callbacks without braces, one after the other: write fit(train, {.epochs = "
      "10}, progress_bar{}, checkpoint{path})";
};

// set_learning_rate(step_lr{30}).
template <class... Given>
struct learning_rate_set {
  static constexpr sentence complaint =
      sentence("tesela: set_learning_rate expects one number, but gets ")
      << kinds_of<Given...>()
      << ": write set_learning_rate(1e-3f), and fit(train, {.schedule = step_lr{30}}) for a schedule";
};
template <class Given>
  requires std::is_convertible_v<const Given&, float>
struct learning_rate_set<Given> {
  static constexpr sentence complaint{};
};

// step(samples).
template <class... Given>
struct step_call {
  static constexpr sentence complaint =
      sentence("tesela: step expects a source of samples and the indices of one batch, but gets ")
      << kinds_of<Given...>()
      << ": write step(samples.source(), samples.indices().first(64)), or fit for whole epochs";
};
template <class Source, class Indices>
  requires(std::is_convertible_v<const Source&, const sample_source&> &&
           std::is_convertible_v<const Indices&, std::span<const std::uint32_t>>)
struct step_call<Source, Indices> {
  static constexpr sentence complaint{};
};

// evaluate(samples).
template <class... Given>
struct evaluate_call {
  static constexpr sentence complaint = sentence("tesela: evaluate expects a dataset alone, but gets ")
                                        << kinds_of<Given...>() << ": write evaluate(test)";
};
template <class Samples>
struct evaluate_call<Samples> {
  static constexpr sentence complaint = [] {
    if constexpr (is_dataset<Samples>) {
      return sentence();
    } else {
      return samples_complaint<Samples>("evaluate");
    }
  }();
};

// A callback of fit: what it can be asked, and what it has that cannot be called.
template <class Trainer, class Callback>
struct callback_call {
  static constexpr sentence complaint = [] {
    using plain = std::remove_cvref_t<Callback>;
    constexpr bool begins = requires(Trainer& t, Callback c, const fit_options& o) { c.begin(t, o); };
    constexpr bool batches =
        requires(Trainer& t, Callback c, const batch_report& r) { c.batch(t, r); };
    constexpr bool epochs =
        requires(Trainer& t, Callback c, const epoch_report& r) { c.epoch(t, r); };
    constexpr bool ends = requires(Trainer& t, Callback c, const history& h) { c.end(t, h); };
    sentence words = "tesela: the callback ";
    words << "that fit is given (" << kind_of<Callback>() << ") ";
    const char* wrong = nullptr;
    if (NamesBegin<plain> && !begins) wrong = "begin(trainer&, const fit_options&)";
    if (NamesBatch<plain> && !batches) wrong = "batch(trainer&, const batch_report&)";
    if (NamesEpoch<plain> && !epochs) wrong = "epoch(trainer&, const epoch_report&)";
    if (NamesEnd<plain> && !ends) wrong = "end(trainer&, const history&)";
    if (wrong != nullptr) {
      return words << "cannot be called as " << wrong
                   << ": take these arguments, the trainer as auto&"
                   << (std::is_const_v<std::remove_reference_t<Callback>> ? ", in a const function"
                                                                          : "");
    } else if (!begins && !batches && !epochs && !ends) {
      return words << "has none of begin, batch, epoch and end: write void epoch(auto& trainer, const "
                      "epoch_report& report) in it";
    } else {
      return sentence();
    }
  }();
};
// An optional callback is asked what is in it.
template <class Trainer, class Callback>
  requires requires(Callback c) { c.has_value(); *c; }
struct callback_call<Trainer, Callback>
    : callback_call<Trainer, decltype(*std::declval<Callback>())> {};

// The first of several callbacks that is none.
template <class Trainer, class... Callbacks>
struct callbacks_call {
  static constexpr sentence complaint = [] {
    sentence first;
    ((first = callback_call<Trainer, Callbacks>::complaint, first.empty()) && ...);
    return first;
  }();
};
template <class Trainer>
struct callbacks_call<Trainer> {
  static constexpr sentence complaint{};
};

// What other libraries' trainers and models do, and who does it here.
template <elsewhere Where, class... Given>
struct done_by_the_model {
  static constexpr sentence complaint =
      Where == elsewhere::training ? "tesela: a trainer trains by fit, and no mode is switched on "
                                     "for it: write trainer.fit(train, "
                                     "{.epochs = 10})"
      : Where == elsewhere::running
          ? "tesela: a trainer trains, its model runs: write workspace room{net, samples} and "
            "model.forward(pixels, room)"
          : "tesela: a trainer keeps no files: write io::save_safetensors(model, path) for the "
            "weights, or give "
            "fit a checkpoint{path}";
};
struct not_of_a_trainer {
  template <class... Given>
  auto train(const Given&...) const {
    return sizeof(tell<mistake_in<done_by_the_model<elsewhere::training, Given...>>>());
  }
  template <class... Given>
  auto predict(const Given&...) const {
    return sizeof(tell<mistake_in<done_by_the_model<elsewhere::running, Given...>>>());
  }
  template <class... Given>
  auto forward(const Given&...) const {
    return sizeof(tell<mistake_in<done_by_the_model<elsewhere::running, Given...>>>());
  }
  template <class... Given>
  auto save(const Given&...) const {
    return sizeof(tell<mistake_in<done_by_the_model<elsewhere::files, Given...>>>());
  }
  template <class... Given>
  auto load(const Given&...) const {
    return sizeof(tell<mistake_in<done_by_the_model<elsewhere::files, Given...>>>());
  }
};

// What a refused trainer has for g++, which would tell of every use of it.
struct refused_trainer : refused {
  template <class... Given>
  explicit refused_trainer(Given&&...) {}
  template <class Samples, class Options = any_options, class... More>
  history fit(const Samples&, const Options&, const More&...);
  template <class Samples>
  metrics evaluate(const Samples&);
  template <class... Given>
  void load_state(const Given&...);
  template <class... Given>
  loss_sum step(const Given&...);
  template <class... Given>
  loss_sum differentiate(const Given&...);
  template <class... Given>
  void set_learning_rate(const Given&...);
  double penalty();
  std::uint64_t steps() const;
  std::vector<named_tensor> gradients() const;
};

}  // namespace detail

}  // namespace tesela
