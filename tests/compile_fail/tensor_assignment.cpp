// expected-error: mistake<"tesela: a tensor of shape 4 cannot hold an expression of shape 4x3: its shape must be the same, or stretch to it">
// SPDX-License-Identifier: MIT
// The result has more axes than the tensor.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
void assign(ts::tensor<4>& to) { to = w * 2; }
#else
void assign(ts::tensor<4>& to) { to = ts::sum<1>(w); }
#endif
