// SPDX-License-Identifier: MIT
// Definitions of training_state.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/number.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/named_tensor.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/training_state.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela::detail {

[[gnu::cold]] TESELA_INLINE std::string shown(std::string_view words) {
  constexpr std::size_t limit = 80;
  std::string result(words.substr(0, limit));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (words.size() > limit) result += "...";
  return result;
}

[[gnu::cold]] inline const std::string& state_field(const state_metadata& metadata,
                                                    const char* key) {
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

[[gnu::cold]] TESELA_INLINE std::string history_text(const history& past) {
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

[[gnu::cold]] TESELA_INLINE history parse_history(std::string_view words) {
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

[[gnu::cold]] TESELA_INLINE std::string network_text(std::string_view input,
                                              std::span<const layer_summary> layers) {
  std::string words = compose("input {}", input);
  for (const layer_summary& layer : layers) {
    words += compose(";{} {}", layer.name, layer.output);
  }
  return words;
}

[[gnu::cold]] TESELA_INLINE void check_network_text(std::string_view file, std::string_view program) {
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

// A run that goes on with other settings ends elsewhere.
[[gnu::cold]] inline void require_same(const char* what, std::string_view file,
                                       std::string_view program) {
  if (file == program) return;
  const auto told = [](std::string_view words) { return words.empty() ? "none" : shown(words); };
  throw io_error(compose("{} '{}' in the file, but '{}' in the program, and would not end as it would have",
                         what, told(file), told(program)));
}

inline std::string slot_prefix(std::size_t slot) { return compose("optimizer.{}.", slot); }

[[gnu::cold]] TESELA_INLINE training_state state_of(const trained_parts& parts,
                                                    const training_progress& progress,
                                                    std::uint64_t steps) {
  training_state state;
  const auto add = [&](const std::string& prefix, std::span<const float> values) {
    for (named_tensor& tensor : tensors_of(parts.maps, values)) {
      tensor.name = prefix + tensor.name;
      state.tensors.push_back(std::move(tensor));
    }
  };
  add("", parts.parameters);
  for (std::size_t s = 0; s < parts.slots.size(); ++s) {  // the rule may have no use for one
    if (!parts.slots[s].empty()) add(slot_prefix(s), parts.slots[s]);
  }
  if (progress.best_epoch != 0) add("best.", progress.best);
  state.metadata = {
      {"format", std::string(state_format)},
      {"network", parts.network},
      {"optimizer", std::string(parts.optimizer)},
      {"optimizer_settings", parts.optimizer_settings},
      {"penalties", parts.terms},
      {"loss", parts.loss},
      {"schedules", progress.schedules},
      {"momentum", compose("{}", progress.momentum)},
      {"seed", compose("{}", progress.seed.value)},
      {"batch", compose("{}", progress.batch)},
      {"epoch", compose("{}", progress.past.size())},
      {"steps", compose("{}", steps)},
      {"history", history_text(progress.past)},
      {"best_epoch", compose("{}", progress.best_epoch)},
      {"best_loss", compose("{}", progress.best_loss)},
  };
  return state;
}

[[gnu::cold]] TESELA_INLINE steps_and_progress load_state_into(const trained_parts& parts,
                                                               std::vector<named_tensor> tensors,
                                                               const state_metadata& metadata) {
  if (const auto format = metadata.find("format");
      format == metadata.end() || format->second != state_format) {
    throw io_error(
        compose("it holds no training state (no metadata 'format: {}'); weights alone are for "
                "load_safetensors",
                state_format));
  }
  check_network_text(state_field(metadata, "network"), parts.network);
  const std::string& optimizer = state_field(metadata, "optimizer");
  if (optimizer != parts.optimizer) {
    throw io_error(compose("its optimizer is {}, but the trainer's is {}", shown(optimizer),
                           parts.optimizer));
  }
  require_same("its optimizer has the settings", state_field(metadata, "optimizer_settings"),
               parts.optimizer_settings);
  require_same("its penalties and clippings are", state_field(metadata, "penalties"), parts.terms);
  require_same("its loss is", state_field(metadata, "loss"), parts.loss);
  const auto number = [&](const char* key) {
    return state_number<std::uint64_t>(state_field(metadata, key), key);
  };
  training_progress progress;
  progress.seed.value = number("seed");
  progress.batch = number("batch");
  progress.schedules = state_field(metadata, "schedules");
  progress.momentum = state_number<double>(state_field(metadata, "momentum"), "momentum");
  progress.past = parse_history(state_field(metadata, "history"));
  progress.best_epoch = number("best_epoch");
  progress.best_loss = state_number<double>(state_field(metadata, "best_loss"), "best_loss");
  const std::uint64_t steps = number("steps");
  const std::size_t epochs = progress.past.size();
  if (epochs != number("epoch") || progress.best_epoch > epochs) {
    const bool wrong_best = epochs == number("epoch");
    throw io_error(compose("it contradicts itself: {} epochs in its history, but {}epoch {}",
                           epochs, wrong_best ? "best " : "",
                           wrong_best ? progress.best_epoch : number("epoch")));
  }

  const auto laid_out = [&](std::string_view prefix, const std::vector<named_tensor>& part,
                            float between = 0) {
    arena values(parts.parameters.size());
    std::fill(values.values().begin(), values.values().end(), between);
    try {
      load_tensors(parts.maps, values.values(), part);
    } catch (const error& refusal) {
      throw io_error(compose("{}{}", prefix.empty() ? "" : compose("in '{}': ", prefix),
                             shown(refusal.what())));
    }
    return values;
  };
  std::vector<arena> slots(parts.slots.size());
  // A momentum_schedule needs slots even where the optimiser's own settings do not.
  const bool scheduled = progress.schedules.find("momentum") != std::string::npos;
  for (std::size_t s = 0; s < slots.size(); ++s) {
    if (parts.slots[s].empty() && !scheduled) continue;
    const std::string prefix = slot_prefix(s);
    slots[s] = laid_out(prefix, take_prefixed(tensors, prefix), parts.initial_slots[s]);
  }
  if (progress.best_epoch != 0) {
    const arena best = laid_out("best.", take_prefixed(tensors, "best."));
    progress.best.assign(best.values().begin(), best.values().end());
  }
  const arena parameters = laid_out("", tensors);

  if (scheduled) parts.remember();
  // Nothing throws from here on.
  const auto copy = [](const arena& from, std::span<float> to) {
    std::copy(from.values().begin(), from.values().end(), to.begin());
  };
  copy(parameters, parts.parameters);
  for (std::size_t s = 0; s < slots.size(); ++s) {
    if (slots[s].size() != 0) copy(slots[s], parts.slots[s]);
  }
  return {steps, std::move(progress)};
}

}  // namespace tesela::detail
