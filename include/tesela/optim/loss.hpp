// SPDX-License-Identifier: MIT
// What a network is trained to make small.
#pragma once

#include "tesela/kernel/loss_sum.hpp"

#include <cstddef>
#include <cstdint>

namespace tesela {

// Softmax and cross-entropy from logits: -log(softmax(z)[label]), the mean over the batch.
struct cross_entropy_loss {
  // One block: logits and their gradient are [class][lane], the first `samples` lanes are filled.
  // `scale` is 1 / the batch's size.
  template <class Isa>
  static loss_sum block(std::size_t classes, const float* logits, const std::int32_t* labels,
                        std::size_t samples, float scale, float* dlogits) {
    return Isa::softmax_cross_entropy(classes, logits, labels, samples, scale, dlogits);
  }
};

inline constexpr cross_entropy_loss cross_entropy{};

}  // namespace tesela
