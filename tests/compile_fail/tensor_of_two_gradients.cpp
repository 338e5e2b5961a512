// expected-error: mistake<"tesela: a tensor expects one result, but gets 2, as gradient\(loss, w, b\) gives: write auto \[dw, db\] = gradient\(loss, w, b\)">
// SPDX-License-Identifier: MIT
// A derivative each.
#include "tesela/tesela.hpp"

namespace ts = tesela;

float run(const ts::variable<"w", 3>& w, const ts::variable<"b", 1>& b) {
#ifdef TESELA_MISTAKE
  const ts::tensor<3> dw = ts::gradient(ts::sum(ts::square(w + b)), w, b);
#else
  const auto [slope_w, slope_b] = ts::gradient(ts::sum(ts::square(w + b)), w, b);
  const ts::tensor<3> dw = slope_w;
#endif
  return dw[0];
}
