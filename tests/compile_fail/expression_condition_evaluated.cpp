// expected-error: mistake<"tesela: evaluate expects expressions, but gets a condition: write where(x > 0, 1, 0)">
// SPDX-License-Identifier: MIT
// Elements of a condition are true or false.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;

const ts::tensor<2, 3> x;
#ifdef TESELA_MISTAKE
auto positive() { return ts::evaluate(x > 0); }
#else
auto positive() { return ts::evaluate(ts::where(x > 0, x, 0)); }
#endif
