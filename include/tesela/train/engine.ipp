// SPDX-License-Identifier: MIT
// Definitions of engine.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/kernel/denormals.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/train/engine.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tesela::detail {

TESELA_INLINE step_memory::step_memory(std::size_t parameters) : gradients(parameters) {}
TESELA_INLINE step_memory::~step_memory() = default;
TESELA_INLINE void step_memory::reserve(std::size_t samples, std::size_t block_floats) {
  const std::size_t count = blocks_for(samples);
  if (count <= losses.size()) return;
  blocks = arena(count * block_floats);
  losses.resize(count);
}

TESELA_INLINE loss_sum run_step(const step_loops& loops, std::span<const std::uint32_t> indices,
                                std::size_t threads, std::span<loss_sum> block_losses) {
  const auto samples_of = [&](std::size_t b) {
    const std::size_t first = b * block_lanes;
    return indices.subspan(first, std::min(block_lanes, indices.size() - first));
  };
  const std::size_t blocks = blocks_for(indices.size());
  parallel_for(blocks, threads, [&](std::size_t b) {
    const flush_denormals scope;
    block_losses[b] = loops.block(b, samples_of(b));
  });
  loss_sum sum;
  for (std::size_t b = 0; b < blocks; ++b) sum += block_losses[b];
  if (!std::isfinite(sum.loss)) {
    for (std::size_t b = 0; b < blocks; ++b) {
      if (const std::string where = loops.non_finite(b, samples_of(b)); !where.empty()) {
        throw training_error("the loss is not finite: " + where +
                             " is the first to give infinity or NaN; the weights are as before "
                             "this step (a smaller learning rate or normalised inputs may help)");
      }
    }
    throw training_error("the loss is not finite, though every layer's values are");
  }
  parallel_for(loops.shares, threads, [&](std::size_t w) {
    const flush_denormals scope;
    loops.gradient(w);
  });
  return sum;
}

}  // namespace tesela::detail
