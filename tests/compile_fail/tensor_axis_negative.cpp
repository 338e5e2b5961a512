// expected-error: mistake<"tesela: sum counts axes from 0, the first: the last one of shape 4 is 0">
// SPDX-License-Identifier: MIT
// No axis is counted from behind.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = ts::sum<-1>(x) * x;
#else
  y = ts::sum<0>(x) * x;
#endif
}
