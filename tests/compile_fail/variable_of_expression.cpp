// expected-error: mistake<"tesela: a variable has a name, by which derivatives know it, in front of its shape: write variable<\\"w\\", 2, 3> w">
// SPDX-License-Identifier: MIT
// A tensor takes its shape from an expression, a variable would be without a name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  ts::variable w = x + 1;
#else
  ts::variable<"w", 4> w = x + 1;
#endif
  y = w * w;
}
