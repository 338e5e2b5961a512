// expected-error: mistake<"tesela: slice expects begin and extents: write slice<extents<0>, extents<2>>\(x\)">
// SPDX-License-Identifier: MIT
// Shapes are types.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = x * slice(x, 0, 2);
#else
  y = x * sum(ts::slice<ts::extents<0>, ts::extents<2>>(x));
#endif
}
