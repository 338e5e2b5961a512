// SPDX-License-Identifier: MIT
// What a loss reports about the samples it saw.
#pragma once

#include <cstddef>

namespace tesela {

struct loss_sum {
  double loss = 0;          // summed over samples, before any mean
  std::size_t correct = 0;  // samples whose largest output is the label's
  double weight = 0;        // what the mean divides by: samples, or the sum of their classes' weights

  constexpr loss_sum& operator+=(const loss_sum& other) {
    loss += other.loss;
    correct += other.correct;
    weight += other.weight;
    return *this;
  }
};

}  // namespace tesela
