// SPDX-License-Identifier: MIT
// Where the samples of a dataset lie in memory, as the kernels read them.
//
// Samples are sample-major and channels first, C x H x W values each, stored as bytes or floats. The
// network sees value = stored * scale[c] + shift[c]; the conversion happens while a batch is laid out,
// so bytes stay bytes in memory.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tesela {

enum class element : std::uint8_t { u8, f32 };

// Non-owning: whoever hands it out keeps the memory alive.
struct sample_source {
  const void* values = nullptr;          // sample i starts at element i * channels * pixels
  element type = element::u8;
  std::size_t channels = 0;              // C
  std::size_t pixels = 0;                // H * W
  const float* scale = nullptr;          // C factors
  const float* shift = nullptr;          // C summands
  const std::int32_t* labels = nullptr;  // class of sample i; nullptr where samples have targets
  const float* targets = nullptr;        // those of sample i start at element i * target_count
  std::size_t target_count = 0;

  constexpr std::size_t features() const { return channels * pixels; }
};

}  // namespace tesela
