// expected-error: mistake<"tesela: cifar10 expects the folder of its binary files, but gets text and true or false: write auto [train, test] = data::cifar10(folder)">
// SPDX-License-Identifier: MIT
// Both sets are read at once.
#include "tesela/data/cifar10.hpp"

namespace ts = tesela;

auto images() {
#ifdef TESELA_MISTAKE
  return ts::data::cifar10("cifar-10-batches-bin", true);
#else
  return ts::data::cifar10("cifar-10-batches-bin").train;
#endif
}
