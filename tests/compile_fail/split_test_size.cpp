// expected-error: mistake<"tesela: split expects the fraction of its first part, one number: write auto \[train, test\] = split\(samples, 0.8, seed{7}\)">
// SPDX-License-Identifier: MIT
// A habit of scikit-learn.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  const auto parts = ts::data::split(samples, {.test_size = 0.2}, ts::seed{1});
#else
  const auto parts = ts::data::split(samples, 0.8, ts::seed{1});
#endif
  static_cast<void>(parts);
}
