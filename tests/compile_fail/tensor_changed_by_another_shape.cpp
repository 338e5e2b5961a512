// expected-error: mistake<"tesela: a tensor of shape 3 cannot hold an expression of shape 4: its shape must be the same, or stretch to it">
// SPDX-License-Identifier: MIT
// What is added must fit.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
using bias = ts::tensor<4>;
#else
using bias = ts::tensor<3>;
#endif

void add(ts::tensor<3>& x, const bias& b) { x += b; }
