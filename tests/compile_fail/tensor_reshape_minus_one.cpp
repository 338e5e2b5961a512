// expected-error: mistake<"tesela: reshape expects every extent, of 4 numbers in all, and infers none: write reshape<4>\(x\)">
// SPDX-License-Identifier: MIT
// No extent is guessed.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  ts::tensor<4> z = ts::reshape<-1>(x);
  y = z;
#else
  ts::tensor<4> z = ts::reshape<4>(x);
  y = z;
#endif
}
