// SPDX-License-Identifier: MIT
// Random numbers by position: every number is a function of (seed, stream, element), so the order
// in which threads ask for them, and how many threads there are, cannot change a byte.
//
// The generator is Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy
// as 1, 2, 3", SC 2011): ten rounds that turn a 128-bit counter and a 64-bit key into four 32-bit
// words.
//
//   random_stream stream{seed{42}, purpose::dropout, epoch, step};
//   float u = stream.uniform(element);
#pragma once

#include "tesela/core/seed.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace tesela {

// Four words for one counter and key, least significant word first.
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                  std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {
        static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(p1),
        static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(p0)};
    key[0] += 0x9E3779B9;  // golden ratio
    key[1] += 0xBB67AE85;  // sqrt(3) - 1
  }
  return counter;
}

// What the numbers of a stream are for. Two uses never share a stream, whatever their other
// coordinates are. The low 8 bits name the purpose; a user may add (layer << 8).
namespace purpose {
inline constexpr std::uint32_t user = 0;
inline constexpr std::uint32_t weights = 1;
inline constexpr std::uint32_t split = 2;
inline constexpr std::uint32_t epoch_order = 3;
inline constexpr std::uint32_t dropout = 4;
inline constexpr std::uint32_t augmentation = 5;
inline constexpr std::uint32_t synthetic_data = 6;
inline constexpr std::uint32_t gradient_noise = 7;
}  // namespace purpose

// The numbers that belong to (seed, a, b, c); a is by habit a purpose. The key of Philox is the
// seed, its counter {element / 4, c, b, a}: streams with different coordinates share no block. A
// stream has 2^34 words; beyond them it repeats itself. Copying is free; nothing here has a state.
class random_stream {
 public:
  constexpr explicit random_stream(seed from, std::uint32_t a = 0, std::uint32_t b = 0,
                                   std::uint32_t c = 0)
      : key_{static_cast<std::uint32_t>(from.value), static_cast<std::uint32_t>(from.value >> 32)},
        a_(a),
        b_(b),
        c_(c) {}

  // Words 4 * index to 4 * index + 3 at the price of one.
  constexpr std::array<std::uint32_t, 4> block(std::uint32_t index) const {
    return philox4x32({index, c_, b_, a_}, key_);
  }

  constexpr std::uint32_t bits(std::uint64_t i) const {
    return block(static_cast<std::uint32_t>(i / 4))[static_cast<std::size_t>(i % 4)];
  }

  // In [0, 1), a multiple of 2^-24: the 24 upper bits of word i, which a float holds exactly.
  constexpr float uniform(std::uint64_t i) const {
    return static_cast<float>(bits(i) >> 8) * 0x1p-24f;
  }

  // In [low, high) as long as low < high: what rounding would lift to `high` stays below it.
  float uniform(std::uint64_t i, float low, float high) const {
    const double u = uniform(i);
    const auto value = static_cast<float>((1.0 - u) * double{low} + u * double{high});
    return value < high ? value : std::nextafter(high, low);
  }

  // Mean 0, variance 1, by Box and Muller in double on words i and i ^ 1, which a pair (2k, 2k + 1)
  // shares:
  //   radius = sqrt(-2 ln((word[2k] + 1) / 2^32)),  angle = 2 pi word[2k + 1] / 2^32
  //   normal(2k) = radius cos(angle),  normal(2k + 1) = radius sin(angle)
  // No value exceeds sqrt(64 ln 2) = 6.67 in magnitude.
  float normal(std::uint64_t i) const {
    const auto both = normal_pair(block(static_cast<std::uint32_t>(i / 4)), (i % 4) & 2U);
    return both[i & 1U];
  }

  // to[k] = normal(first + k), at less than half the price.
  void normals(std::uint64_t first, std::span<float> to) const {
    for (std::size_t k = 0; k < to.size();) {
      const auto words = block(static_cast<std::uint32_t>((first + k) / 4));
      do {
        const std::uint64_t i = first + k;
        const auto both = normal_pair(words, (i % 4) & 2U);
        to[k++] = both[i & 1U];
        if ((i & 1U) == 0 && k < to.size()) to[k++] = both[1];
      } while (k < to.size() && (first + k) % 4 != 0);
    }
  }

  // In [0, n), n > 0: the upper part of n times the 64-bit number of words 2i and 2i + 1. Its
  // probabilities deviate from 1/n by less than 2^-64.
  constexpr std::uint32_t below(std::uint64_t i, std::uint32_t n) const {
    const auto words = block(static_cast<std::uint32_t>(i / 2));
    const std::size_t first = 2 * static_cast<std::size_t>(i % 2);
    const std::uint64_t carry = (std::uint64_t{words[first]} * n) >> 32;
    return static_cast<std::uint32_t>((std::uint64_t{words[first + 1]} * n + carry) >> 32);
  }

  // Fisher and Yates, from the last element down; for fewer than 2^32 elements.
  constexpr void shuffle(std::span<std::uint32_t> values) const {
    for (std::size_t i = values.size(); i > 1; --i) {
      std::swap(values[i - 1], values[below(i - 1, static_cast<std::uint32_t>(i))]);
    }
  }

  // 0 to n - 1 in random order.
  std::vector<std::uint32_t> permutation(std::uint32_t n) const {
    std::vector<std::uint32_t> values(n);
    std::iota(values.begin(), values.end(), std::uint32_t{0});
    shuffle(values);
    return values;
  }

 private:
  static std::array<float, 2> normal_pair(const std::array<std::uint32_t, 4>& words,
                                          std::size_t first) {
    const double u = (static_cast<double>(words[first]) + 1.0) * 0x1p-32;
    const double radius = std::sqrt(-2.0 * std::log(u));
    const double angle = 2.0 * std::numbers::pi * 0x1p-32 * static_cast<double>(words[first + 1]);
    return {static_cast<float>(radius * std::cos(angle)),
            static_cast<float>(radius * std::sin(angle))};
  }

  std::array<std::uint32_t, 2> key_;
  std::uint32_t a_, b_, c_;
};

}  // namespace tesela
