// expected-error: mistake<"tesela: \+= expects a tensor on its left that it may change, but gets an expression or a constant: write auto z = y \+ x">
// SPDX-License-Identifier: MIT
// An expression is a formula, no place for numbers.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void add(const ts::tensor<3>& x, ts::tensor<3>& z) {
  auto y = 2 * x;
#ifdef TESELA_MISTAKE
  y += x;
  z = y;
#else
  z = y + x;
#endif
}
