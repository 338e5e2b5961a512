// expected-error: mistake<"tesela: an expression is computed later and has no elements yet: write evaluate\(x\)\[i\], or inside a formula slice<extents<0>, extents<1>>\(x\)">
// SPDX-License-Identifier: MIT
// Nothing is computed yet.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = (x + 1)[0] * x;
#else
  y = ts::evaluate(x + 1)[0] * x;
#endif
}
