// expected-error: mistake<"tesela: transpose expects a matrix, but gets the shape 4: reshape it to two axes first">
// SPDX-License-Identifier: MIT
// A vector has nothing to turn.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::tensor<4> v;

#ifdef TESELA_MISTAKE
auto turned() { return ts::transpose(v); }
#else
auto turned() { return ts::transpose(ts::reshape<4, 1>(v)); }
#endif
