// expected-error: mistake<"tesela: copy_sample expects a position and floats that it may write to, but gets a number and std::vector<double>: write std::vector<float> into(samples.features()) and copy_sample(0, into)">
// SPDX-License-Identifier: MIT
// Samples are floats.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

void first(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  std::vector<double> into(samples.features());
  samples.copy_sample(0, into);
#else
  std::vector<float> into(samples.features());
  samples.copy_sample(0, into);
#endif
}
