// expected-error: mistake<"tesela: split expects a dataset, but gets two datasets, .train and .test: give one of them">
// SPDX-License-Identifier: MIT
// What a reader gives is a training set and a test set.
#include "tesela/data/shapes.hpp"
#include "tesela/data/split.hpp"

namespace ts = tesela;

auto parts() {
#ifdef TESELA_MISTAKE
  return ts::data::split(ts::data::shapes({100, 10}), 0.8, ts::seed{7});
#else
  return ts::data::split(ts::data::shapes({100, 10}).train, 0.8, ts::seed{7});
#endif
}
