// expected-error: mistake<"tesela: derivative_along expects a direction of the shape 4x3, as the variable has it, but gets 3x4">
// SPDX-License-Identifier: MIT
// A direction is a change of every element.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;
const ts::tensor<3, 4> turned;

#ifdef TESELA_MISTAKE
auto change() { return ts::derivative_along(ts::sum(w), w, turned); }
#else
auto change() { return ts::derivative_along(ts::sum(w), w, w); }
#endif
