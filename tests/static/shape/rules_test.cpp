// SPDX-License-Identifier: MIT
// Positions of a window: the formula against counting them, and the cases the lectures name.
#include "tesela/shape/rules.hpp"

using tesela::window_fits, tesela::window_positions;

static_assert(window_positions(32, 5, 1, 0) == 28);  // first convolution of CIFAR-10
static_assert(window_positions(32, 3, 2, 0) == 15);  // strided: the last column is dropped
static_assert(window_positions(32, 3, 1, 1) == 32);  // "same"
static_assert(window_positions(5, 2, 2, 0) == 2);
static_assert(window_positions(1, 1, 1, 0) == 1);
static_assert(window_positions(1, 3, 7, 1) == 1);

static_assert(window_fits(5, 5, 0) && !window_fits(4, 5, 0));
static_assert(window_fits(3, 5, 1) && !window_fits(2, 5, 1));
static_assert(window_fits(0, 1, 1));

// The windows that lie inside the padded image, one by one.
constexpr std::size_t counted(std::size_t extent, std::size_t kernel, std::size_t stride,
                              std::size_t padding) {
  std::size_t count = 0;
  for (std::size_t at = 0; at + kernel <= extent + 2 * padding; at += stride) ++count;
  return count;
}

constexpr bool agrees_with_counting() {
  for (std::size_t extent = 1; extent <= 9; ++extent) {
    for (std::size_t kernel = 1; kernel <= 6; ++kernel) {
      for (std::size_t stride = 1; stride <= 4; ++stride) {
        for (std::size_t padding = 0; padding <= 3; ++padding) {
          const std::size_t count = counted(extent, kernel, stride, padding);
          if (window_fits(extent, kernel, padding) != (count > 0)) return false;
          if (count > 0 && window_positions(extent, kernel, stride, padding) != count) return false;
        }
      }
    }
  }
  return true;
}
static_assert(agrees_with_counting());
