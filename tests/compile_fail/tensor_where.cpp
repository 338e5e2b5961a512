// expected-error: mistake<"tesela: where expects shapes that fit together, but gets 4x3 and 3x4: extents, counted from the last axis, must be equal or 1">
// SPDX-License-Identifier: MIT
// What is chosen from must have one shape.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;
const ts::tensor<3, 4> turned;

#ifdef TESELA_MISTAKE
auto chosen() { return ts::where(w > 0, w, turned); }
#else
auto chosen() { return ts::where(w > 0, w, ts::transpose(turned)); }
#endif
