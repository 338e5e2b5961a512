// expected-error: mistake<"tesela: from_bytes expects the names of the classes, but gets a number: write them in braces, or a std::vector<std::string>">
// SPDX-License-Identifier: MIT
// How many classes there are follows from their names.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto make(const std::vector<std::uint8_t>& values, const std::vector<std::int32_t>& labels) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_bytes({1, 8, 8}, 2, values, labels);
#else
  return ts::data::dataset::from_bytes({1, 8, 8}, {"left", "right"}, values, labels);
#endif
}
