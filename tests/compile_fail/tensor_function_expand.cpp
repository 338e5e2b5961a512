// expected-error: mistake<"tesela: expand expects its extents as a type: write expand<extents<3, 4>>\(x\)">
// SPDX-License-Identifier: MIT
// A shape is a type.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  ts::tensor<3, 4> z = ts::expand<3, 4>(x);
  y = sum<0>(z);
#else
  ts::tensor<3, 4> z = ts::expand<ts::extents<3, 4>>(x);
  y = sum<0>(z);
#endif
}
