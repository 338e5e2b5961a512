// expected-error: mistake<"tesela: clamp expects a value, the lowest and the highest: write clamp\(x, -1, 1\)">
// SPDX-License-Identifier: MIT
// Two ends.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = clamp(x, 1.0f);
#else
  y = clamp(x, -1.0f, 1.0f);
#endif
}
