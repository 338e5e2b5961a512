// SPDX-License-Identifier: MIT
// The one number from which every random choice of a program follows.
#pragma once

#include <cstdint>

namespace tesela {

struct seed {
  std::uint64_t value = 0;
};

}  // namespace tesela
