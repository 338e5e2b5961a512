// SPDX-License-Identifier: MIT
// Definitions of split.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/split.hpp"
#include "tesela/kernel/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tesela::data {

TESELA_INLINE two_parts split(const dataset& whole, double fraction, seed from) {
  if (!(fraction > 0.0 && fraction < 1.0)) {
    throw usage_error(
        compose("split: the fraction must lie between 0 and 1 (both excluded), not {}", fraction));
  }
  const auto size = static_cast<std::uint32_t>(whole.size());
  const auto count = static_cast<std::uint32_t>(std::llround(fraction * size));
  if (count == 0 || count == size) {
    throw usage_error(compose(
        "split: a fraction of {} leaves {} and {} of {} samples, but each part needs at least one",
        fraction, count, size - count, size));
  }
  auto positions = random_stream{from, purpose::split}.permutation(size);
  const auto middle = positions.begin() + count;
  std::sort(positions.begin(), middle);
  std::sort(middle, positions.end());
  const std::span<const std::uint32_t> all(positions);
  return {whole.subset(all.first(count)), whole.subset(all.subspan(count))};
}

TESELA_INLINE void shuffle_epoch(std::span<std::uint32_t> order, seed from, std::uint64_t epoch) {
  random_stream{from, purpose::epoch_order, static_cast<std::uint32_t>(epoch),
                static_cast<std::uint32_t>(epoch >> 32)}
      .shuffle(order);
}

TESELA_INLINE void epoch_order(const dataset& samples, seed from, std::uint64_t epoch,
                        std::vector<std::uint32_t>& order) {
  const auto indices = samples.indices();
  order.assign(indices.begin(), indices.end());
  shuffle_epoch(order, from, epoch);
}

}  // namespace tesela::data
