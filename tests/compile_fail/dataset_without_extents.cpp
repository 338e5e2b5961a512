// expected-error: mistake<"tesela: from_floats expects extents, class names, values and labels, but gets std::vector<float> and std::vector<int>: write from_floats({channels, height, width}, names, values, labels)">
// SPDX-License-Identifier: MIT
// Numbers alone have neither shape nor classes.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto make(const std::vector<float>& values, const std::vector<std::int32_t>& labels) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_floats(values, labels);
#else
  return ts::data::dataset::from_floats({1, 8, 8}, {"left", "right"}, values, labels);
#endif
}
