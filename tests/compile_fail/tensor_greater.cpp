// expected-error: mistake<"tesela: > expects shapes that fit together, but gets 2x3 and 3x2: extents, counted from the last axis, must be equal or 1">
// SPDX-License-Identifier: MIT
// A comparison is of element and element.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::tensor<2, 3> wide;
const ts::tensor<3, 2> tall;

#ifdef TESELA_MISTAKE
auto larger() { return ts::where(wide > tall, wide, 0); }
#else
auto larger() { return ts::where(wide > ts::transpose(tall), wide, 0); }
#endif
