// expected-error: mistake<"tesela: split gives two datasets: write auto \[train, test\] = split\(samples, 0.8, seed{7}\)">
// SPDX-License-Identifier: MIT
// Which part?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  const ts::data::dataset train = ts::data::split(samples, 0.8, ts::seed{1});
#else
  const ts::data::dataset train = ts::data::split(samples, 0.8, ts::seed{1}).first;
#endif
  static_cast<void>(train);
}
