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

#include "tesela/core/function_view.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/tensor/named_tensor.hpp"
#include "tesela/train/recipe.hpp"
#include "tesela/train/report.hpp"

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
std::string shown(std::string_view words);

// One epoch is "loss accuracy samples" of the training and of the validation set, the steps and the
// learning rate; epochs are parted by ';'.
std::string history_text(const history& past);
history parse_history(std::string_view words);

// Every layer with the shape it gives: what must agree between a file and a program.
std::string network_text(std::string_view input, std::span<const layer_summary> layers);
template <class Net>
std::string network_text(Net net) {
  return network_text(name_text<typename Net::input_type>.view(), layers_of(net));
}

// Throws and names the first layer in which a file's network differs from the program's.
void check_network_text(std::string_view file, std::string_view program);

template <class Rule>
std::string_view optimizer_name() {
  return name_or_unnamed<Rule>();
}

// What a state is made of and must agree with, of one trainer.
struct trained_parts {
  std::span<const parameter_map> maps;
  std::span<float> parameters;
  // Of the optimiser, each like the parameters or, where its settings need none, empty; and what makes it
  // have them all the same.
  std::span<const std::span<float>> slots;
  function_view<void()> remember;
  std::span<const float> initial_slots;     // what they hold before the first step
  std::string network;                      // network_text
  std::string_view optimizer;
  std::string optimizer_settings, terms, loss;
};

training_state state_of(const trained_parts& parts, const training_progress& progress,
                        std::uint64_t steps);

struct steps_and_progress {
  std::uint64_t steps = 0;
  training_progress progress;
};
// Throws io_error, and changes nothing, when the state is of another network or optimiser or is not
// whole.
steps_and_progress load_state_into(const trained_parts& parts, std::vector<named_tensor> tensors,
                                   const state_metadata& metadata);

// Calls f(trained_parts) with those of a trainer.
template <class Trainer, class F>
[[gnu::cold]] auto with_parts_of(Trainer& trainer, const F& f) {
  using rule_type = typename Trainer::optimizer_type;
  constexpr std::size_t count = slots_of<rule_type>();
  std::array<std::span<float>, count> slots;
  const auto look = [&] {
    for (std::size_t s = 0; s < count; ++s) slots[s] = trainer.optimizer_slot(s);
  };
  look();
  const auto remember = [&] {
    trainer.remember();
    look();
  };
  const std::array<float, count> initial = initial_state(trainer.optimizer());
  return f(trained_parts{parameter_maps<typename Trainer::network_type>(),
                         trainer.trained_model().parameters().plain(), slots, remember, initial,
                         network_text(typename Trainer::network_type{}),
                         optimizer_name<rule_type>(), optimizer_settings(trainer.optimizer()),
                         trainer.terms_text(), trainer.loss_text()});
}

}  // namespace detail

template <class Trainer>
[[gnu::cold]] training_state training_state_of(Trainer& trainer) {
  return detail::with_parts_of(trainer, [&](const detail::trained_parts& parts) {
    return detail::state_of(parts, trainer.progress(), trainer.steps());
  });
}

// The trainer's next `fit` goes on behind the state's last epoch. Throws io_error, and changes
// nothing, when the state is of another network or optimiser or is not whole.
template <class Trainer>
[[gnu::cold]] void load_training_state(Trainer& trainer, std::vector<named_tensor> tensors,
                                       const state_metadata& metadata) {
  auto [steps, progress] =
      detail::with_parts_of(trainer, [&](const detail::trained_parts& parts) {
        return detail::load_state_into(parts, std::move(tensors), metadata);
      });
  trainer.go_on_from(std::move(progress), steps);
}

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/train/training_state.ipp"
#endif
