// expected-error: mistake<"tesela: reshape expects 12 elements \(4x3\), but gets 10 \(5x2\): the number of elements must stay">
// SPDX-License-Identifier: MIT
// Two elements would be lost.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto shaped() { return ts::reshape<5, 2>(w); }
#else
auto shaped() { return ts::reshape<6, 2>(w); }
#endif
