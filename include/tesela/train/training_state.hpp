// SPDX-License-Identifier: MIT
// Where a run of training stands, and the same as named tensors and text, to be kept in a file.
//
// A run that goes on from its state ends with the bytes of a run that was never interrupted: order
// and random numbers of an epoch depend on (seed, epoch) alone. Times are left out, so that the state
// of two equal runs is equal too.
//
//   tensors   0.weight ...              parameters, as in the model's state_dict
//             optimizer.0.0.weight ...  the optimiser's slots, each like the parameters
//             best.0.weight ...         the best parameters so far, where a callback keeps them
//   metadata  format, network, optimizer, its settings, penalties, loss, which schedules there were, seed,
//             batch, epoch, steps, history, best
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/number.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/named_tensor.hpp"
#include "tesela/train/recipe.hpp"
#include "tesela/train/report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela {

struct training_progress {
  tesela::seed seed{};    // of the order of samples
  std::size_t batch = 0;
  std::string schedules;  // "rate", "momentum", both or none
  double momentum = 0;    // that the schedule gave last
  history past;           // of every epoch so far
  std::size_t best_epoch = 0;  // 0: no parameters are kept
  double best_loss = std::numeric_limits<double>::infinity();
  std::vector<float> best;  // the parameters after that epoch, laid out like the model's
};

using state_metadata = std::map<std::string, std::string>;

struct training_state {
  std::vector<named_tensor> tensors;
  state_metadata metadata;
};

namespace detail {

inline constexpr std::string_view state_format = "tesela training 1";

// Text out of a file, cut and without control characters.
[[gnu::cold]] inline std::string shown(std::string_view words) {
  constexpr std::size_t limit = 80;
  std::string result(words.substr(0, limit));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (words.size() > limit) result += "...";
  return result;
}

[[gnu::cold]] inline const std::string& state_field(const state_metadata& metadata,
                                                    const std::string& key) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) throw io_error(compose("its metadata lacks '{}'", key));
  return found->second;
}

// All of `words` as a number; `what` names it in the message.
template <class Number>
[[gnu::cold]] Number state_number(std::string_view words, std::string_view what) {
  Number value{};
  if (!tesela::detail::read_number(words, value)) {
    throw io_error(compose("its {} is '{}', expected a number", what, shown(words)));
  }
  return value;
}

// One epoch is "loss accuracy samples" of the training and of the validation set, the steps and the
// learning rate; epochs are parted by ';'.
[[gnu::cold]] inline std::string history_text(const history& past) {
  std::string words;
  for (const epoch_report& epoch : past) {
    if (!words.empty()) words += ';';
    for (const metrics* m : {&epoch.train, &epoch.validation}) {
      words += compose("{} {} {} ", m->loss, m->accuracy, m->samples);
    }
    words += compose("{} {}", epoch.steps, epoch.learning_rate);
  }
  return words;
}

[[gnu::cold]] inline history parse_history(std::string_view words) {
  history past;
  while (!words.empty()) {
    std::string_view line = words.substr(0, words.find(';'));
    words.remove_prefix(std::min(words.size(), line.size() + 1));
    const auto next = [&] {
      const std::string_view word = line.substr(0, line.find(' '));
      line.remove_prefix(std::min(line.size(), word.size() + 1));
      return word;
    };
    epoch_report epoch;
    epoch.epoch = past.size() + 1;
    for (metrics* m : {&epoch.train, &epoch.validation}) {
      m->loss = state_number<double>(next(), "history");
      m->accuracy = state_number<double>(next(), "history");
      m->samples = state_number<std::size_t>(next(), "history");
    }
    epoch.steps = state_number<std::size_t>(next(), "history");
    if (!line.empty()) epoch.learning_rate = state_number<float>(next(), "history");  // not in 0.1.0
    past.push_back(epoch);
  }
  return past;
}

// Every layer with the shape it gives: what must agree between a file and a program.
[[gnu::cold]] inline std::string network_text(std::string_view input,
                                              std::span<const layer_summary> layers) {
  std::string words = compose("input {}", input);
  for (const layer_summary& layer : layers) {
    words += compose(";{} {}", layer.name, layer.output);
  }
  return words;
}
template <class Net>
std::string network_text(Net net) {
  return network_text(name_text<typename Net::input_type>.view(), layers_of(net));
}

// Throws and names the first layer in which a file's network differs from the program's.
[[gnu::cold]] inline void check_network_text(std::string_view file, std::string_view program) {
  const auto take = [](std::string_view& words) {
    const std::string_view line = words.substr(0, words.find(';'));
    words.remove_prefix(std::min(words.size(), line.size() + 1));
    return line;
  };
  // "linear<6> 6" -> "linear<6> giving 6"
  const auto told = [](std::string_view line) -> std::string {
    if (line.empty()) return "there is none";
    const std::size_t space = line.find(' ');
    if (space == line.npos) return shown(line);
    const std::string output = shown(line.substr(space + 1));
    return line.starts_with("input ") ? output : shown(line.substr(0, space)) + " giving " + output;
  };
  for (std::size_t line = 0; !file.empty() || !program.empty(); ++line) {
    const std::string_view theirs = take(file), ours = take(program);
    if (theirs == ours) continue;
    throw io_error(
        compose("it is of another network: {} {} in the program, but {} in the file",
                line == 0 ? std::string("the input is") : compose("layer {} is", line - 1),
                told(ours), told(theirs)));
  }
}

template <class Rule>
std::string optimizer_name() {
  return name_or_unnamed<Rule>();
}

// A run that goes on with other settings ends elsewhere.
[[gnu::cold]] inline void require_same(const char* what, std::string_view file, std::string_view program) {
  if (file == program) return;
  const auto told = [](std::string_view words) { return words.empty() ? "none" : shown(words); };
  throw io_error(compose("{} '{}' in the file, but '{}' in the program, and would not end as it would have",
                         what, told(file), told(program)));
}

// Takes the tensors whose names begin with `prefix` out of `all`, without it.
[[gnu::cold]] inline std::vector<named_tensor> take_prefixed(std::vector<named_tensor>& all,
                                                             std::string_view prefix) {
  std::vector<named_tensor> taken, left;
  for (named_tensor& tensor : all) {
    const bool takes = tensor.name.starts_with(prefix);
    if (takes) tensor.name.erase(0, prefix.size());
    (takes ? taken : left).push_back(std::move(tensor));
  }
  all = std::move(left);
  return taken;
}

inline std::string slot_prefix(std::size_t slot) { return compose("optimizer.{}.", slot); }

}  // namespace detail

template <class Trainer>
[[gnu::cold]] training_state training_state_of(Trainer& trainer) {
  using network_type = typename Trainer::network_type;
  using rule_type = typename Trainer::optimizer_type;
  const training_progress& progress = trainer.progress();
  training_state state;
  const auto add = [&](const std::string& prefix, std::span<const float> values) {
    for (named_tensor& tensor : state_dict_of<network_type>(values)) {
      tensor.name = prefix + tensor.name;
      state.tensors.push_back(std::move(tensor));
    }
  };
  add("", trainer.trained_model().parameters());
  for (std::size_t s = 0; s < detail::slots_of<rule_type>(); ++s) {
    const std::span<const float> slot = trainer.optimizer_slot(s);
    if (!slot.empty()) add(detail::slot_prefix(s), slot);  // the rule may have no use for it
  }
  if (progress.best_epoch != 0) add("best.", progress.best);
  state.metadata = {
      {"format", std::string(detail::state_format)},
      {"network", detail::network_text(network_type{})},
      {"optimizer", detail::optimizer_name<rule_type>()},
      {"optimizer_settings", detail::optimizer_settings(trainer.optimizer())},
      {"penalties", trainer.terms_text()},
      {"loss", trainer.loss_text()},
      {"schedules", progress.schedules},
      {"momentum", compose("{}", progress.momentum)},
      {"seed", compose("{}", progress.seed.value)},
      {"batch", compose("{}", progress.batch)},
      {"epoch", compose("{}", progress.past.size())},
      {"steps", compose("{}", trainer.steps())},
      {"history", detail::history_text(progress.past)},
      {"best_epoch", compose("{}", progress.best_epoch)},
      {"best_loss", compose("{}", progress.best_loss)},
  };
  return state;
}

// The trainer's next `fit` goes on behind the state's last epoch. Throws io_error, and changes
// nothing, when the state is of another network or optimiser or is not whole.
template <class Trainer>
[[gnu::cold]] void load_training_state(Trainer& trainer, std::vector<named_tensor> tensors,
                                       const state_metadata& metadata) {
  using network_type = typename Trainer::network_type;
  using rule_type = typename Trainer::optimizer_type;
  using detail::state_field;
  if (const auto format = metadata.find("format");
      format == metadata.end() || format->second != detail::state_format) {
    throw io_error(
        compose("it holds no training state (no metadata 'format: {}'); weights alone are for "
                "load_safetensors",
                detail::state_format));
  }
  detail::check_network_text(state_field(metadata, "network"),
                             detail::network_text(network_type{}));
  if (const std::string name = state_field(metadata, "optimizer");
      name != detail::optimizer_name<rule_type>()) {
    throw io_error(compose("its optimizer is {}, but the trainer's is {}", detail::shown(name),
                           detail::optimizer_name<rule_type>()));
  }
  const auto agrees = [&](const char* key, const char* what, const std::string& program) {
    detail::require_same(what, state_field(metadata, key), program);
  };
  agrees("optimizer_settings", "its optimizer has the settings",
         detail::optimizer_settings(trainer.optimizer()));
  agrees("penalties", "its penalties and clippings are", trainer.terms_text());
  agrees("loss", "its loss is", trainer.loss_text());
  const auto number = [&](const std::string& key) {
    return detail::state_number<std::uint64_t>(state_field(metadata, key), key);
  };
  training_progress progress;
  progress.seed.value = number("seed");
  progress.batch = number("batch");
  progress.schedules = state_field(metadata, "schedules");
  progress.momentum = detail::state_number<double>(state_field(metadata, "momentum"), "momentum");
  progress.past = detail::parse_history(state_field(metadata, "history"));
  progress.best_epoch = number("best_epoch");
  progress.best_loss =
      detail::state_number<double>(state_field(metadata, "best_loss"), "best_loss");
  const std::uint64_t steps = number("steps");
  const std::size_t epochs = progress.past.size();
  if (epochs != number("epoch") || progress.best_epoch > epochs) {
    const bool wrong_best = epochs == number("epoch");
    throw io_error(compose("it contradicts itself: {} epochs in its history, but {}epoch {}",
                           epochs, wrong_best ? "best " : "",
                           wrong_best ? progress.best_epoch : number("epoch")));
  }

  const auto laid_out = [&](std::string_view prefix, std::vector<named_tensor> part,
                            float between = 0) {
    arena values(trainer.trained_model().parameters().size());
    std::fill(values.values().begin(), values.values().end(), between);
    try {
      load_state_dict_into<network_type>(values.values(), part);
    } catch (const error& refusal) {
      throw io_error(compose("{}{}", prefix.empty() ? "" : compose("in '{}': ", prefix),
                             detail::shown(refusal.what())));
    }
    return values;
  };
  std::array<arena, detail::slots_of<rule_type>()> slots;
  const auto initial = detail::initial_state(trainer.optimizer());
  // A momentum_schedule needs slots even where the optimiser's own settings do not.
  const bool scheduled = progress.schedules.find("momentum") != std::string::npos;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    if (trainer.optimizer_slot(s).empty() && !scheduled) continue;
    const std::string prefix = detail::slot_prefix(s);
    slots[s] = laid_out(prefix, detail::take_prefixed(tensors, prefix), initial[s]);
  }
  if (progress.best_epoch != 0) {
    const arena best = laid_out("best.", detail::take_prefixed(tensors, "best."));
    progress.best.assign(best.values().begin(), best.values().end());
  }
  const arena parameters = laid_out("", std::move(tensors));

  if (scheduled) trainer.remember();
  // Nothing throws from here on.
  const auto copy = [](const arena& from, std::span<float> to) {
    std::copy(from.values().begin(), from.values().end(), to.begin());
  };
  copy(parameters, trainer.trained_model().parameters());
  for (std::size_t s = 0; s < slots.size(); ++s) {
    if (slots[s].size() != 0) copy(slots[s], trainer.optimizer_slot(s));
  }
  trainer.go_on_from(std::move(progress), steps);
}

}  // namespace tesela
