// expected-error: mistake<"tesela: matmul expects m x k and k x n \(or k\), but gets 4x3 and 4x3: the last extent of the first must be the first extent of the second">
// SPDX-License-Identifier: MIT
// A product of two matrices of the same shape.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto product() { return ts::matmul(w, w); }
#else
auto product() { return ts::matmul(w, ts::transpose(w)); }
#endif
