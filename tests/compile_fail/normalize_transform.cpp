// expected-error: mistake<"tesela: a normalization is a function of datasets, fitted on the training set: write const auto normalize = data::z_score::fit\(train\), then normalize\(train\) and normalize\(test\)">
// SPDX-License-Identifier: MIT
// A habit of scikit-learn.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::data::dataset& train, ts::data::dataset& test) {
  const auto normalize = ts::data::z_score::fit(train);
#ifdef TESELA_MISTAKE
  test = normalize.transform(test);
#else
  test = normalize(test);
#endif
}
