// expected-error: mistake<"tesela: a tensor of shape 3 is no single number: write x\[i\] for one of its numbers, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// SPDX-License-Identifier: MIT
// std::exp knows numbers alone.
#include "tesela/tesela.hpp"

#include <cmath>

namespace ts = tesela;

void powers(const ts::tensor<3>& x, ts::tensor<3>& y) {
#ifdef TESELA_MISTAKE
  y = std::exp(x) * x;
#else
  y = exp(x) * x;
#endif
}
