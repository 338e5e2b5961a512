// SPDX-License-Identifier: MIT
// Definitions of cross_entropy.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/optim/cross_entropy.hpp"

#include <cmath>
#include <cstddef>
#include <string>

namespace tesela {

[[gnu::cold]] TESELA_INLINE void cross_entropy_loss::validate(std::size_t classes) const {
  if (!(label_smoothing >= 0 && label_smoothing <= 1)) {
    throw usage_error("cross_entropy: label_smoothing must be between 0 and 1, not " +
                      std::to_string(label_smoothing));
  }
  if (!class_weights.empty() && class_weights.size() != classes) {
    throw usage_error("cross_entropy: expected " + std::to_string(classes) +
                      " class_weights, one a class, but got " +
                      std::to_string(class_weights.size()));
  }
  for (const float w : class_weights) {
    if (!(w >= 0) || std::isinf(w)) {
      throw usage_error("cross_entropy: class_weights must be 0 or positive numbers, not " +
                        std::to_string(w));
    }
  }
}

}  // namespace tesela
