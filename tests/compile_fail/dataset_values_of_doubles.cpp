// expected-error: mistake<"tesela: from_floats expects its values as std::vector<float>, but gets std::vector<double>: write std::vector<float>(values.begin(), values.end())">
// SPDX-License-Identifier: MIT
// Networks compute in float.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto make(const std::vector<double>& values, const std::vector<std::int32_t>& labels) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_floats({1, 8, 8}, {"left", "right"}, values, labels);
#else
  return ts::data::dataset::from_floats({1, 8, 8}, {"left", "right"}, std::vector<float>(values.begin(), values.end()), labels);
#endif
}
