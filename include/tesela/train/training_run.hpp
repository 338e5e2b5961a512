// SPDX-License-Identifier: MIT
// What training consists of beside the network: epochs and batches, schedules, what was asked for.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/function_view.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/tensor/samples.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/training_state.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
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

namespace detail {

// What samples a network takes, and what it gives.
struct network_ends {
  std::array<std::size_t, 3> input;
  bool flat;  // whether the input was written as a flat one
  std::size_t outputs;
  std::string_view input_text, output_text;
};

// Throws where the samples do not fit; `who` begins the message.
void check_samples(const data::dataset& samples, const network_ends& network, std::string_view who);

// The settings that schedules change; null where the optimiser has none.
struct scheduled_settings {
  float *own_learning_rate, *learning_rate, *own_momentum, *momentum;
  std::string_view optimizer;
};

// Sets the rate that schedules start from.
void set_learning_rate(const scheduled_settings& settings, float rate);

// Mean loss and accuracy, a block's loss at a time; `b` is below evaluated_together.
inline constexpr std::size_t evaluated_together = 16;
using block_loss = function_view<loss_sum(std::size_t b, const sample_source&,
                                          std::span<const std::uint32_t>)>;
metrics evaluate_blocks(const data::dataset& samples, std::size_t threads, block_loss loss);

[[noreturn]] void throw_failed_step(std::uint64_t step, const training_error& why);

// One call of `fit`.
struct training_run {
  struct calls {
    function_view<loss_sum(const sample_source&, std::span<const std::uint32_t>)> step;
    function_view<metrics(const data::dataset&)> evaluate;
    function_view<void(const batch_report&)> batch_done;
    function_view<void(const epoch_report&)> epoch_done;
  };

  training_run();
  training_run(training_run&&) = default;
  training_run& operator=(training_run&&) = default;
  ~training_run();

  training_progress progress;
  mutable bool stopped = false;  // callbacks wish so
  bool goes_on = false;
  std::vector<std::uint32_t> order;
  std::vector<double> losses, accuracies;  // of every epoch, for schedules

  void check(const data::dataset& samples, const fit_options& options,
             const scheduled_settings& settings);
  void begin(const fit_options& options);
  // Epochs until the last or `stopped`; `steps` counts those of the whole run.
  void epochs(const data::dataset& samples, const fit_options& options,
              const scheduled_settings& settings, const std::uint64_t& steps, const calls& call);

 private:
  epoch_report epoch(const data::dataset& samples, const fit_options& options, std::size_t number,
                     const scheduled_settings& settings, const calls& call);
  void note(const epoch_report& report);
  void check_same_run(const data::dataset& samples, const fit_options& options,
                      const scheduled_settings& settings);
  void follow_schedules(const fit_options& options, const scheduled_settings& settings,
                        std::size_t epoch, std::size_t step, std::size_t steps_per_epoch) const;
};

}  // namespace detail

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/train/training_run.ipp"
#endif
