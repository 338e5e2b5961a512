// expected-error: mistake<"tesela: a reduction expects axes below 2, but gets axis 2 of a tensor of shape 4x3: axes count from 0">
// SPDX-License-Identifier: MIT
// The columns are axis 1.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto rows() { return ts::sum<2>(w); }
#else
auto rows() { return ts::sum<1>(w); }
#endif
