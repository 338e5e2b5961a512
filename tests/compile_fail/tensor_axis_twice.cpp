// expected-error: mistake<"tesela: a reduction gets an axis twice: name every axis once, as in sum<0, 1>(x)">
// SPDX-License-Identifier: MIT
// The second time there is nothing left to sum.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto total() { return ts::sum<0, 0>(w); }
#else
auto total() { return ts::sum<0, 1>(w); }
#endif
