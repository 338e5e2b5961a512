// expected-error: mistake<"tesela: expand expects a shape that 4x3 stretches to, but gets 5x3: extents, counted from the last axis, must be equal, or 1 before">
// SPDX-License-Identifier: MIT
// Only an extent of 1 stretches.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto larger() { return ts::expand<ts::extents<5, 3>>(w); }
#else
auto larger() { return ts::expand<ts::extents<2, 4, 3>>(w); }
#endif
