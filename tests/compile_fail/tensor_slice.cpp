// expected-error: mistake<"tesela: slice expects a part of 4x3, but gets 2x3 from 3x0 on: stay within the tensor, along every axis">
// SPDX-License-Identifier: MIT
// Rows 3 and 4 of four rows, counted from 0.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto part() { return ts::slice<ts::extents<3, 0>, ts::extents<2, 3>>(w); }
#else
auto part() { return ts::slice<ts::extents<2, 0>, ts::extents<2, 3>>(w); }
#endif
