// expected-error: mistake<"tesela: evaluate expects expressions, but gets several at once: take them apart, auto [dw, db] = gradient(loss, w, b), and write evaluate(dw, db)">
// SPDX-License-Identifier: MIT
// A gradient by several variables is several expressions.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;

const ts::tensor<2, 3> x;
const ts::variable<"w", 2, 3> w;
const ts::variable<"b", 2, 3> b;
#ifdef TESELA_MISTAKE
auto slopes() { return ts::evaluate(ts::gradient(ts::sum(w * b), w, b)); }
#else
auto slopes() {
  auto [dw, db] = ts::gradient(ts::sum(w * b), w, b);
  return ts::evaluate(dw, db);
}
#endif
