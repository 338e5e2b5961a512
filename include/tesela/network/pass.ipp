// SPDX-License-Identifier: MIT
// Definitions of pass.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/network/pass.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/tensor/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace tesela::detail {

[[gnu::cold]] TESELA_INLINE std::string first_non_finite(const float* block,
                                                         std::span<const stage_values> stages,
                                                         std::span<const layer_summary> layers) {
  for (const auto& [offset, size, layer] : stages) {
    const float* y = block + offset;
    if (!std::all_of(y, y + size * block_lanes, [](float v) { return std::isfinite(v); })) {
      return "layer " + std::to_string(layer) + " " + std::string(layers[layer].name);
    }
  }
  return {};
}

}  // namespace tesela::detail
