// expected-error: mistake<"tesela: an expression is computed later, so C\+\+ has no number of it yet: write evaluate\(x\) for its value, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// max-lines: 16
// SPDX-License-Identifier: MIT
// C++ asks for one yes or no, where every element has its own.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void cut(ts::tensor<3>& x) {
#ifdef TESELA_MISTAKE
  if (x < 0) x = 0 * x;
#else
  x = ts::where(x < 0, 0, x);
#endif
}
