// expected-error: mistake<"tesela: with_biases expects a penalty, but gets a number: write penalty::with_biases{penalty::l2{0.01f}}">
// SPDX-License-Identifier: MIT
// Which penalty?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  const ts::penalty::with_biases decay{0.01f};
#else
  const ts::penalty::with_biases decay{ts::penalty::l2{0.01f}};
#endif
  static_cast<void>(decay);
}
