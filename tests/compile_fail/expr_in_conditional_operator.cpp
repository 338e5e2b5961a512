// expected-error: mistake<"tesela: an expression is computed later, so C\+\+ has no number of it yet: write evaluate\(x\) for its value, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// SPDX-License-Identifier: MIT
// ?: chooses once, where() for every element.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void larger(const ts::tensor<3>& x, const ts::tensor<3>& y, ts::tensor<3>& z) {
#ifdef TESELA_MISTAKE
  z = x > y ? x : y;
#else
  z = ts::where(x > y, x, y);
#endif
}
