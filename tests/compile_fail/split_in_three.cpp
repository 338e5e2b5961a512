// expected-error: mistake<"tesela: split expects a dataset, the fraction of its first part and a seed, but gets a dataset, a floating-point number, a floating-point number and a seed: write split(samples, 0.9, seed{7})">
// SPDX-License-Identifier: MIT
// Two parts; a part can be split again.
#include "tesela/data/split.hpp"

namespace ts = tesela;

auto parts(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  return ts::data::split(samples, 0.8, 0.1, ts::seed{7});
#else
  return ts::data::split(samples, 0.8, ts::seed{7});
#endif
}
