// expected-error: mistake<"tesela: an expression is computed later, so C\+\+ has no number of it yet: write evaluate\(x\) for its value, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// SPDX-License-Identifier: MIT
// A sum is an expression until it is evaluated.
#include "tesela/tesela.hpp"

namespace ts = tesela;

float total(const ts::tensor<3>& x) {
#ifdef TESELA_MISTAKE
  return ts::sum(x);
#else
  return ts::evaluate(ts::sum(x));
#endif
}
