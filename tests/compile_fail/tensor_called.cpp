// expected-error: mistake<"tesela: a tensor is no function: write x\[i\] for the number at position i, row by row">
// SPDX-License-Identifier: MIT
// Row 1, column 2.
#include "tesela/tesela.hpp"

namespace ts = tesela;

float run(const ts::tensor<2, 3>& x) {
#ifdef TESELA_MISTAKE
  return x(1, 2);
#else
  return x[1 * 3 + 2];
#endif
}
