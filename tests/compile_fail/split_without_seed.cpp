// expected-error: mistake<"tesela: split expects a dataset, the fraction of its first part and a seed, but gets a dataset and a floating-point number: write split(samples, 0.9, seed{7})">
// SPDX-License-Identifier: MIT
// Which samples go where is random.
#include "tesela/data/split.hpp"

namespace ts = tesela;

auto parts(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  return ts::data::split(samples, 0.9);
#else
  return ts::data::split(samples, 0.9, ts::seed{7});
#endif
}
