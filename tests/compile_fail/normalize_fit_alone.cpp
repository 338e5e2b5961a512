// expected-error: mistake<"tesela: a normalization is a function of datasets, fitted on the training set: write const auto normalize = data::z_score::fit\(train\), then normalize\(train\) and normalize\(test\)">
// SPDX-License-Identifier: MIT
// Fitted is not yet applied.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::data::dataset& train) {
#ifdef TESELA_MISTAKE
  const ts::data::dataset normal = ts::data::z_score::fit(train);
#else
  const ts::data::dataset normal = ts::data::z_score::fit(train)(train);
#endif
  static_cast<void>(normal);
}
