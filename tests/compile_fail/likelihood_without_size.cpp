// expected-error: mistake<"tesela: gaussian_likelihood expects the number of outputs as a constant and their covariance, row by row: write gaussian_likelihood<2>\({1, 0, 0, 1}\)">
// SPDX-License-Identifier: MIT
// How many outputs?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  const ts::gaussian_likelihood likelihood{1.0f, 0.0f, 0.0f, 1.0f};
#else
  const ts::gaussian_likelihood<2> likelihood({1.0f, 0.0f, 0.0f, 1.0f});
#endif
  static_cast<void>(likelihood);
}
