// expected-error: mistake<"tesela: gradient expects a loss that is a single number, but gets the shape 4x3: end it with sum\(...\) or mean\(...\)">
// SPDX-License-Identifier: MIT
// What is derived must be one number.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto slope() { return ts::gradient(w * 2, w); }
#else
auto slope() { return ts::gradient(ts::sum(w * 2), w); }
#endif
