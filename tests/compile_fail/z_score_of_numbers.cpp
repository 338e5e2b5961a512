// expected-error: mistake<"tesela: z_score is fitted on a training set, but gets a floating-point number and a floating-point number: write const auto normalize = data::z_score::fit(train), then normalize(test)">
// SPDX-License-Identifier: MIT
// Mean and deviation come from the data.
#include "tesela/data/normalization.hpp"

namespace ts = tesela;

auto normalized(const ts::data::dataset& train) {
#ifdef TESELA_MISTAKE
  return ts::data::z_score(0.5f, 0.2f)(train);
#else
  return ts::data::z_score::fit(train)(train);
#endif
}
