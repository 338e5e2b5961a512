// expected-error: mistake<"tesela: normalize_zero_to_one expects a dataset, but gets std::vector<float>: make one with data::dataset::from_floats or from_bytes">
// SPDX-License-Identifier: MIT
// A dataset is normalised, not numbers.
#include "tesela/data/normalization.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto normalized(const ts::data::dataset& train) {
#ifdef TESELA_MISTAKE
  return ts::data::normalize_zero_to_one(std::vector<float>(train.features()));
#else
  return ts::data::normalize_zero_to_one(train);
#endif
}
