// expected-error: mistake<"tesela: min_max is fitted on a training set, but gets a dataset and braces: write const auto normalize = data::min_max::fit\(train\), then normalize\(test\)">
// SPDX-License-Identifier: MIT
// Two numbers, one after the other.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::data::dataset& train) {
#ifdef TESELA_MISTAKE
  const auto normalize = ts::data::min_max::fit(train, {0, 1});
#else
  const auto normalize = ts::data::min_max::fit(train, 0, 1);
#endif
  static_cast<void>(normalize);
}
