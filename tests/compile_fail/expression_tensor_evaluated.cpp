// expected-error: mistake<"tesela: evaluate expects expressions, but gets a tensor, which holds its numbers: write x.values() or x[i]">
// SPDX-License-Identifier: MIT
// Nothing is left to compute.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;

const ts::tensor<2, 3> x;
#ifdef TESELA_MISTAKE
auto numbers() { return ts::evaluate(x); }
#else
auto numbers() { return x.values(); }
#endif
