// expected-error: mistake<"tesela: learning_curve expects its settings in braces, but gets text: write learning_curve{path, {.title = name}}">
// SPDX-License-Identifier: MIT
// Settings have names.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  const ts::learning_curve curve{"curve.svg", "my network"};
#else
  const ts::learning_curve curve{"curve.svg", {.title = "my network"}};
#endif
  static_cast<void>(curve);
}
