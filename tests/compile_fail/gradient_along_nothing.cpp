// expected-error: mistake<"tesela: derivative_along expects an expression, a variable and a direction, but gets an expression and a tensor: write derivative_along\(loss, w, direction\)">
// max-lines: 16
// SPDX-License-Identifier: MIT
// Along which direction?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y, const ts::variable<"w", 4>& w) {
#ifdef TESELA_MISTAKE
  y = ts::derivative_along(square(w), w);
#else
  y = ts::derivative_along(square(w), w, x);
#endif
}
