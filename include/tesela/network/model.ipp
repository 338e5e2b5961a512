// SPDX-License-Identifier: MIT
// Definitions of model.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/network/init.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/state_dict.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace tesela::detail {

TESELA_INLINE void draw_weights(std::span<const parameter_map> maps, std::span<float> parameters,
                                initializer_view initialize, seed from) {
  for (const parameter_map& map : maps) {
    const random_stream random{from, purpose::weights, static_cast<std::uint32_t>(map.layer)};
    const std::size_t window = map.geometry.kernel.size();
    const init::fans fan{map.geometry.in.channels * window, map.geometry.out.channels * window};
    for (std::size_t i = 0; i < map.geometry.weight_count(); ++i) {
      parameters[map.weight_at(i)] = map.affine ? 1.0f : initialize(random, fan, i);
    }
  }
}

}  // namespace tesela::detail
