// expected-error: mistake<"tesela: functions of tensors stand alone: write reshape<2, 3>\(x\)">
// SPDX-License-Identifier: MIT
// An expression has no members either.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<2, 3>& x, ts::tensor<3, 2>& z) {
#ifdef TESELA_MISTAKE
  z = (x + 1).reshape(3, 2);
#else
  z = ts::reshape<3, 2>(x + 1);
#endif
}
