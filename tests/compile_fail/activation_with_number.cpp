// expected-error: mistake<"tesela: leaky_relu of an expression takes nothing else: its numbers are constants, as in leaky_relu_with<0.2>\(x\)">
// SPDX-License-Identifier: MIT
// Numbers of an activation are constants.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = ts::leaky_relu(x, 0.2f);
#else
  y = ts::leaky_relu_with<0.2>(x);
#endif
}
