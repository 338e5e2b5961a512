// SPDX-License-Identifier: MIT
// The shape of a tensor as a type, `extents<3, 32, 32>`, and as a value, `shape<3, 32, 32>`.
//
// A shape speaks of one sample; the batch is a number at run time. Images are channels x height x
// width, as in PyTorch.
#pragma once

#include "tesela/core/text.hpp"

#include <array>
#include <cstddef>

namespace tesela {

template <std::size_t... Extents>
struct extents {
  static constexpr std::size_t rank = sizeof...(Extents);
  static constexpr std::size_t size = (std::size_t{1} * ... * Extents);
  static constexpr std::array<std::size_t, rank> values{Extents...};

  constexpr std::size_t operator[](std::size_t axis) const { return values[axis]; }

  // "3x32x32", as it stands in errors and summaries.
  static constexpr sentence name() {
    sentence words;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      if (axis != 0) words << "x";
      words << values[axis];
    }
    return words;
  }
};

template <std::size_t... Extents>
inline constexpr extents<Extents...> shape{};

template <std::size_t... A, std::size_t... B>
constexpr bool operator==(extents<A...>, extents<B...>) {
  if constexpr (sizeof...(A) == sizeof...(B)) {
    return ((A == B) && ...);
  } else {
    return false;
  }
}

}  // namespace tesela
