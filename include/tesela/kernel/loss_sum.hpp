// SPDX-License-Identifier: MIT
// What a loss over classes takes beside outputs, and what a loss reports about the samples it saw.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tesela {

// How much of every class the samples of a block should have: 1 of the label's class, or `amounts`,
// [class][lane], where they are given.
struct class_targets {
  const std::int32_t* labels = nullptr;
  const float* amounts = nullptr;
  const float* weights = nullptr;  // one a class; null: all 1
  float smoothing = 0;
};

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
