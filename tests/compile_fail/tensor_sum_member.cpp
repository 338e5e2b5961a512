// expected-error: mistake<"tesela: functions of tensors stand alone: write sum\(x\), or sum<1>\(x\) along the second axis">
// SPDX-License-Identifier: MIT
// A formula reads the same for tensors and for expressions.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<2, 3>& x, ts::tensor<2, 3>& y) {
#ifdef TESELA_MISTAKE
  y = x * x.sum();
#else
  y = x * sum(x);
#endif
}
