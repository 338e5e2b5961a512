// expected-error: mistake<"tesela: from_bytes expects its labels as std::vector<std::int32_t>, counted from 0, but gets std::vector<float>: write std::vector<std::int32_t>(labels.begin(), labels.end())">
// SPDX-License-Identifier: MIT
// A class is a whole number.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto make(const std::vector<std::uint8_t>& values, const std::vector<float>& labels) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_bytes({1, 8, 8}, {"left", "right"}, values, labels);
#else
  return ts::data::dataset::from_bytes({1, 8, 8}, {"left", "right"}, values, std::vector<std::int32_t>(labels.begin(), labels.end()));
#endif
}
