// SPDX-License-Identifier: MIT
// Test only: small datasets made from arithmetic alone, the same everywhere.
#pragma once

#include "tesela/data/dataset.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace samples {

// Numbers that look random: the high bits of a 64-bit linear congruential generator (Knuth's).
class numbers {
 public:
  explicit numbers(std::uint64_t seed) : state_(seed) { next(); }
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::uint32_t>(state_ >> 33);
  }
  // From -1 to 1.
  float real() { return static_cast<float>(next()) / 1073741824.0f - 1.0f; }

 private:
  std::uint64_t state_;
};

// `count` samples of noise with labels that have nothing to do with them.
inline tesela::data::dataset noise(std::array<std::size_t, 3> extents, std::size_t classes,
                                   std::size_t count, std::uint64_t seed = 1) {
  numbers random(seed);
  std::vector<float> values(count * extents[0] * extents[1] * extents[2]);
  for (float& value : values) value = random.real();
  std::vector<std::int32_t> labels(count);
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(random.next() % classes);
  return tesela::data::dataset::from_floats(extents, std::vector<std::string>(classes, "class"),
                                            std::move(values), std::move(labels));
}

// `count` samples of noise, where the value at the feature of a sample's own class is high.
inline tesela::data::dataset separable(std::array<std::size_t, 3> extents, std::size_t classes,
                                       std::size_t count, std::uint64_t seed = 1) {
  numbers random(seed);
  const std::size_t features = extents[0] * extents[1] * extents[2];
  std::vector<float> values(count * features);
  for (float& value : values) value = 0.25f * random.real();
  std::vector<std::int32_t> labels(count);
  for (std::size_t i = 0; i < count; ++i) {
    labels[i] = static_cast<std::int32_t>(i % classes);
    values[i * features + i % classes] += 1.0f;
  }
  return tesela::data::dataset::from_floats(extents, std::vector<std::string>(classes, "class"),
                                            std::move(values), std::move(labels));
}

}  // namespace samples
