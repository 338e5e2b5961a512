// SPDX-License-Identifier: MIT
// The one number from which every random choice of a program follows.
#pragma once

#include "tesela/core/kind.hpp"

#include <cstdint>
#include <string_view>

namespace tesela {

struct seed {
  std::uint64_t value = 0;
};

template <>
inline constexpr std::string_view detail::what_is<seed> = "a seed";

}  // namespace tesela
