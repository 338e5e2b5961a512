// expected-error: mistake<"tesela: ^ is no power in C\+\+: write pow\(x, 2\), or square\(x\)">
// SPDX-License-Identifier: MIT
// A sign of other languages.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = x ^ 2;
#else
  y = pow(x, 2);
#endif
}
