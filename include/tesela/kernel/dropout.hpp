// SPDX-License-Identifier: MIT
// Which elements a dropout keeps: bits, not numbers, drawn anew for every step.
//
// A word of 32 bits is one feature of one block: bit i is set where sample i keeps it. So a mask is a
// thirty-second part of what it masks, it is drawn once a step and read on the way forward and back, and
// no activation is read or written for it.
//
// An element is dropped where a uniform number of 24 bits is below the probability, as if each sample
// compared its number bit by bit from the front: 32 of them at a time, one random word a bit, until every
// sample has decided. That takes one word for a probability of 1/2, two for 1/4, and seven on average.
#pragma once

#include "tesela/kernel/random.hpp"
#include "tesela/tensor/block.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace tesela {

static_assert(block_lanes == 32, "a word holds one bit for every sample of a block");

// Of which run and step the masks are; with layer and block it makes the stream of one mask.
struct dropout_key {
  seed run{};
  std::uint64_t step = 0;

  constexpr random_stream stream(std::size_t layer, std::size_t block) const {
    return random_stream{run, purpose::dropout | static_cast<std::uint32_t>(layer) << 8,
                         static_cast<std::uint32_t>(block) ^ static_cast<std::uint32_t>(step >> 32) << 20,
                         static_cast<std::uint32_t>(step)};
  }
};

// `threshold` is the probability times 2^24.
constexpr std::uint32_t dropout_threshold(float probability) {
  return static_cast<std::uint32_t>(static_cast<double>(probability) * 0x1p24 + 0.5);
}

inline void draw_dropout(const random_stream& random, std::uint32_t threshold, std::size_t features,
                         std::uint32_t* keep) {
  constexpr std::uint32_t everything = 0xffffffffu;
  const bool always = threshold >= 1u << 24;
  // Behind the last bit of the threshold nothing can be below it any more.
  const auto bits = threshold == 0 || always
                        ? std::size_t{0}
                        : 24 - static_cast<std::size_t>(std::countr_zero(threshold));
  std::array<std::uint32_t, 4> words{};
  std::uint64_t drawn = ~std::uint64_t{0};  // the block of random words at hand
  for (std::size_t f = 0; f < features; ++f) {
    std::uint32_t below = always ? everything : 0, open = everything;
    for (std::size_t k = 0; k < bits && open != 0; ++k) {
      const std::uint64_t i = f * bits + k;
      if (i / 4 != drawn) words = random.block(static_cast<std::uint32_t>(drawn = i / 4));
      const std::uint32_t ones = words[i % 4];
      if ((threshold >> (23 - k) & 1) != 0) {
        below |= open & ~ones;
        open &= ones;
      } else {
        open &= ~ones;
      }
    }
    keep[f] = ~below;
  }
}

}  // namespace tesela
