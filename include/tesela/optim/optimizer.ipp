// SPDX-License-Identifier: MIT
// Definitions of optimizer.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/optim/optimizer.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace tesela::detail {

inline std::string number_text(float value) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%g", static_cast<double>(value));
  return digits;
}

[[gnu::cold]] TESELA_INLINE void require(bool fine, const char* optimizer, const char* setting, const char* expected,
                    float found) {
  if (!fine) {
    throw usage_error(std::string(optimizer) + ": " + setting + " must be " + expected + ", not " +
                      number_text(found));
  }
}
[[gnu::cold]] TESELA_INLINE void require_positive(const char* who, const char* setting, float value) {
  require(std::isfinite(value) && value > 0, who, setting, "a positive number", value);
}
[[gnu::cold]] TESELA_INLINE void require_not_negative(const char* who, const char* setting, float value) {
  require(std::isfinite(value) && value >= 0, who, setting, "0 or a positive number", value);
}
[[gnu::cold]] TESELA_INLINE void require_below_one(const char* who, const char* setting, float value) {
  require(value >= 0 && value < 1, who, setting, "at least 0 and below 1", value);
}

}  // namespace tesela::detail
