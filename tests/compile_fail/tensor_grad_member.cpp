// expected-error: mistake<"tesela: gradients are expressions, too, and nothing is kept to go back: write auto dw = evaluate\(gradient\(loss, w\)\)">
// SPDX-License-Identifier: MIT
// No tape keeps a gradient.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::variable<"w", 4>& w, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = w.grad();
#else
  y = ts::gradient(sum(square(w)), w);
#endif
}
