// expected-error: mistake<"tesela: gradients are expressions, too, and nothing is kept to go back: write auto dw = evaluate\(gradient\(loss, w\)\)">
// SPDX-License-Identifier: MIT
// A habit of tapes.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(ts::variable<"w", 4>& w) {
#ifdef TESELA_MISTAKE
  const auto loss = sum(square(w));
  loss.backward();
#else
  const auto loss = sum(square(w));
  w -= 0.1f * ts::gradient(loss, w);
#endif
}
