// expected-error: mistake<"tesela: gradient expects a loss, as an expression, and variables, but gets a tensor and an expression: write auto loss = sum\(square\(w\)\) and gradient\(loss, w\)">
// SPDX-License-Identifier: MIT
// First what is derived, then by what.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(ts::variable<"w", 4>& w) {
#ifdef TESELA_MISTAKE
  w -= ts::gradient(w, sum(square(w)));
#else
  w -= ts::gradient(sum(square(w)), w);
#endif
}
