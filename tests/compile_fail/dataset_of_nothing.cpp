// expected-error: mistake<"tesela: a dataset is made by a function that says what it gets: write data::dataset::from_floats(...), from_bytes(...), or a reader such as data::cifar10(path)">
// SPDX-License-Identifier: MIT
// There is no empty dataset.
#include "tesela/data/shapes.hpp"

namespace ts = tesela;

auto make() {
#ifdef TESELA_MISTAKE
  ts::data::dataset train;
  train = ts::data::shapes({100, 10}).train;
  return train;
#else
  ts::data::dataset train = ts::data::shapes({100, 10}).train;
  return train;
#endif
}
