// expected-error: mistake<"tesela: transpose expects one matrix: write transpose\(a\)">
// SPDX-License-Identifier: MIT
// A matrix has two axes to exchange.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y, const ts::tensor<4, 4>& a) {
#ifdef TESELA_MISTAKE
  y = matmul(transpose(a, 0, 1), x);
#else
  y = matmul(transpose(a), x);
#endif
}
