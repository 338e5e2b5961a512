// expected-error: mistake<"tesela: split(samples, fraction, seed) expects as its third argument a seed, but gets a number: write seed{7}">
// SPDX-License-Identifier: MIT
// A seed says that it is one.
#include "tesela/data/split.hpp"

namespace ts = tesela;

auto parts(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  return ts::data::split(samples, 0.9, 7);
#else
  return ts::data::split(samples, 0.9, ts::seed{7});
#endif
}
