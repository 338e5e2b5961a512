// SPDX-License-Identifier: MIT
// A rate that falls when training no longer gets better, with PyTorch's name and rules.
//
// The rate is multiplied with `factor` after more than `patience` epochs without a better one, and
// then `cooldown` epochs are not judged. Better is: below best (1 - threshold), or in absolute mode
// below best - threshold; for the accuracy above best (1 + threshold) or best + threshold. NaN
// never is.
//
// What it knows is computed anew from the losses of all epochs, which a checkpoint holds: a resumed
// run has the rates of one that was not interrupted.
#pragma once

#include "tesela/optim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

namespace tesela {

enum class plateau_of { loss, accuracy };
enum class threshold_mode { relative, absolute };

// rate, times factor after `patience` epochs without a better loss or accuracy.
struct reduce_lr_on_plateau {
  plateau_of watch = plateau_of::loss;
  double factor = 0.1;
  std::size_t patience = 10;
  double threshold = 1e-4;
  tesela::threshold_mode threshold_mode = threshold_mode::relative;
  std::size_t cooldown = 0;
  double min_lr = 0;
  double eps = 1e-8;  // a smaller change of the rate is not made

  double operator()(const schedule_position& at) const {
    detail::require_schedule(factor >= 0 && factor < 1, "reduce_lr_on_plateau",
                             "factor must be at least 0 and below 1");
    detail::require_schedule(threshold >= 0 && threshold < 1, "reduce_lr_on_plateau",
                             "threshold must be at least 0 and below 1");
    double rate = at.rate;
    double best = watch == plateau_of::loss ? infinity : -infinity;
    std::size_t bad = 0, cooling = 0;
    for (const double value : watch == plateau_of::loss ? at.losses : at.accuracies) {
      if (better(value, best)) {
        best = value;
        bad = 0;
      } else {
        ++bad;
      }
      if (cooling > 0) {
        --cooling;
        bad = 0;
      }
      if (bad > patience) {
        const double lower = std::max(rate * factor, min_lr);
        if (rate - lower > eps) rate = lower;
        cooling = cooldown;
        bad = 0;
      }
    }
    return rate;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  bool better(double value, double best) const {
    const bool relative = threshold_mode == tesela::threshold_mode::relative;
    if (watch == plateau_of::loss) {
      return value < (relative ? best * (1 - threshold) : best - threshold);
    }
    return value > (relative ? best * (1 + threshold) : best + threshold);
  }
};

}  // namespace tesela
