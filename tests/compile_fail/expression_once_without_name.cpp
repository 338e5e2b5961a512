// expected-error: mistake<"tesela: once expects a name, by which its value is known again: write once<\\"root\\">\(sqrt\(x\)\)">
// SPDX-License-Identifier: MIT
// A number is no name: two of them would be one.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = ts::once<1>(2.0f * x) + 1;
#else
  y = ts::once<"twice">(2.0f * x) + 1;
#endif
}
