// expected-error: mistake<"tesela: from_floats expects labels behind class names and values, or data::targets behind values, but gets std::vector<int>: write from_floats(extents, values, data::targets{names, numbers})">
// SPDX-License-Identifier: MIT
// Labels are of classes, which have names.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto make(const std::vector<float>& values, const std::vector<std::int32_t>& labels) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_floats({1, 8, 8}, values, labels);
#else
  return ts::data::dataset::from_floats({1, 8, 8}, {"left", "right"}, values, labels);
#endif
}
