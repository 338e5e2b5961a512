// expected-error: mistake<"tesela: a tensor of shape 2x3 cannot hold an expression of shape 3x2: its shape must be the same, or stretch to it">
// SPDX-License-Identifier: MIT
// As many numbers, but other rows.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::tensor<3, 2> tall;

#ifdef TESELA_MISTAKE
void assign(ts::tensor<2, 3>& to) { const ts::tensor<2, 3> wide = tall; to = wide; }
#else
void assign(ts::tensor<2, 3>& to) { to = ts::transpose(tall); }
#endif
