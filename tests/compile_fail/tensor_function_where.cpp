// expected-error: mistake<"tesela: where expects a condition and two values: write where\(x > 0, x, 0\)">
// SPDX-License-Identifier: MIT
// What is it where the condition does not hold?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = where(x > 0, x);
#else
  y = where(x > 0, x, 0);
#endif
}
