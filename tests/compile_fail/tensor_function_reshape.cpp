// expected-error: mistake<"tesela: reshape expects its extents as constants: write reshape<3, 4>\(x\)">
// SPDX-License-Identifier: MIT
// A shape is a type.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  ts::tensor<2, 2> z = reshape(x, 2, 2);
  y = sum(z);
#else
  ts::tensor<2, 2> z = ts::reshape<2, 2>(x);
  y = sum(z);
#endif
}
