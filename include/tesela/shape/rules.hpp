// SPDX-License-Identifier: MIT
// How the extents of a result follow from those of its operands.
#pragma once

#include <cstddef>

namespace tesela {

// Positions of a window of `kernel` pixels that moves by `stride` over `extent` pixels with `padding`
// more on either side: floor((extent + 2 padding - kernel) / stride) + 1. The window fits where
// `window_fits`; ask first.
constexpr bool window_fits(std::size_t extent, std::size_t kernel, std::size_t padding) {
  return kernel <= extent + 2 * padding;
}

constexpr std::size_t window_positions(std::size_t extent, std::size_t kernel, std::size_t stride,
                                       std::size_t padding) {
  return (extent + 2 * padding - kernel) / stride + 1;
}

}  // namespace tesela
