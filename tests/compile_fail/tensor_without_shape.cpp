// expected-error: mistake<"tesela: the shape of a tensor is part of its type: write tensor<3> x{1, 2, 3}, or tensor<2, 3> x for zeros">
// SPDX-License-Identifier: MIT
// No shape is guessed.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  ts::tensor z{1.0f, 2.0f, 3.0f, 4.0f};
  y = x * z[0];
#else
  ts::tensor<4> z{1.0f, 2.0f, 3.0f, 4.0f};
  y = x * z[0];
#endif
}
