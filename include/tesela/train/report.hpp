// SPDX-License-Identifier: MIT
// What training tells about itself.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace tesela {

// A network's performance on a set of samples.
struct metrics {
  double loss = std::numeric_limits<double>::quiet_NaN();      // mean over samples
  double accuracy = std::numeric_limits<double>::quiet_NaN();  // 0 to 1
  std::size_t samples = 0;
};

// While an epoch runs. Loss and accuracy are means over the epoch's samples so far.
struct batch_report {
  std::size_t epoch = 0, epochs = 0;       // from 1
  std::size_t samples = 0, of_samples = 0;  // seen in this epoch, and in a whole one
  metrics train;
  double seconds = 0;            // since the start of the epoch
  double images_per_second = 0;  // training alone
  float learning_rate = 0;       // of the last step
};

// At the end of an epoch. `validation` has 0 samples where there is no validation set.
struct epoch_report {
  std::size_t epoch = 0, epochs = 0;
  metrics train, validation;
  double seconds = 0;
  double images_per_second = 0;
  std::size_t steps = 0;    // since the beginning of training
  float learning_rate = 0;  // of the last step
};

using history = std::vector<epoch_report>;

}  // namespace tesela
