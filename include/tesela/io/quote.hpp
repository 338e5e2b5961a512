// SPDX-License-Identifier: MIT
// Text from a file, made safe to stand in a message: quoted, escaped, cut.
#pragma once

#include "tesela/data/compose.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tesela::io::detail {

// A name in a hostile file may carry terminal escapes, NUL bytes or a megabyte of text. Bytes
// outside printable ASCII become \xNN; what does not fit 64 bytes is replaced by dots.
[[gnu::cold]] inline std::string quote(std::string_view text) {
  constexpr std::size_t limit = 64;
  std::string result = "'";
  for (const char c : text.substr(0, limit)) {
    if (c >= ' ' && c <= '~') {
      result += c;
    } else {
      result += compose("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    }
  }
  result += text.size() > limit ? "...'" : "'";
  return result;
}

// [2, 3]; the text of a shape as PyTorch and the safetensors header write it.
template <class Extent>
[[gnu::cold]] std::string shape_text(const std::vector<Extent>& shape) {
  std::string result = "[";
  for (const Extent extent : shape) {
    result += compose("{}{}", result.size() > 1 ? ", " : "", extent);
  }
  return result + "]";
}

}  // namespace tesela::io::detail
