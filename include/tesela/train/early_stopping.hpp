// SPDX-License-Identifier: MIT
// Ends training when it no longer helps, and gives back the best parameters that were seen.
//
//   trainer.fit(train, {.epochs = 100, .validation = &validation}, early_stopping{.patience = 3});
//
// It watches the validation loss, or the training loss where there is no validation set. An epoch is
// better if its loss falls below the best one by more than `min_delta`; NaN never is. After
// `patience` epochs in a row without a better one, training stops. At the end, stopped or not, the
// model gets the parameters of the best epoch; the optimiser's memory stays that of the last.
//
// What it knows lives in the trainer's progress, so a checkpoint holds it and a resumed run stops
// where an uninterrupted one would.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/train/report.hpp"

#include <cmath>
#include <cstddef>

namespace tesela {

// A callback of fit: stops when the validation loss has not fallen for `patience` epochs.
struct early_stopping {
  std::size_t patience = 3;
  double min_delta = 0;

  template <class Trainer, class Options>
  void begin(Trainer& trainer, const Options&) const {
    if (patience == 0) {
      throw usage_error(
          "early_stopping: patience must be at least 1, not 0: it would stop before the first epoch");
    }
    if (!(min_delta >= 0) || !std::isfinite(min_delta)) {
      throw usage_error(
          compose("early_stopping: min_delta must be 0 or a positive number, not {}", min_delta));
    }
    // A resumed run: its last epoch may not have been judged when the checkpoint was written.
    const history& past = trainer.progress().past;
    if (!past.empty()) epoch(trainer, past.back());
  }

  // Judging an epoch twice changes nothing.
  template <class Trainer>
  void epoch(Trainer& trainer, const epoch_report& report) const {
    const metrics& watched = report.validation.samples > 0 ? report.validation : report.train;
    const auto& progress = trainer.progress();
    if (watched.loss < progress.best_loss - min_delta) {
      trainer.keep_best(report.epoch, watched.loss);
    } else if (report.epoch - progress.best_epoch >= patience) {
      trainer.stop();
    }
  }

  template <class Trainer>
  void end(Trainer& trainer, const history&) const {
    trainer.restore_best();
  }
};

}  // namespace tesela
