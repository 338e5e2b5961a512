// expected-error: mistake<"tesela: a tensor of shape 3 is no single number: write x\[i\] for one of its numbers, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// SPDX-License-Identifier: MIT
// A tensor has many numbers.
#include "tesela/tesela.hpp"

namespace ts = tesela;

float first(const ts::tensor<3>& x) {
#ifdef TESELA_MISTAKE
  return x;
#else
  return x[0];
#endif
}
