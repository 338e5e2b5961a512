// expected-error: mistake<"tesela: matmul expects two tensors: write matmul\(a, b\), and a \* 2 for a number">
// SPDX-License-Identifier: MIT
// A number is no matrix.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = matmul(x, 2.0f);
#else
  y = x * 2.0f;
#endif
}
