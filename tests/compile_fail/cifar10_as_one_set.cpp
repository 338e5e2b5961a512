// expected-error: mistake<"tesela: here come two datasets, train and test: write auto \[train, test\] = ..., or cifar10\(folder\).train for one">
// SPDX-License-Identifier: MIT
// Which of both?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  const ts::data::dataset train = ts::data::cifar10("folder");
#else
  const ts::data::dataset train = ts::data::cifar10("folder").train;
#endif
  static_cast<void>(train);
}
