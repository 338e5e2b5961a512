// expected-error: mistake<"tesela: sum expects its axes as constants: write sum<1>(x), or sum(x) for all of them">
// SPDX-License-Identifier: MIT
// The shape of the result is a type.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;

const ts::tensor<2, 3> x;
#ifdef TESELA_MISTAKE
auto rows() { return ts::evaluate(ts::sum(x, 1)); }
#else
auto rows() { return ts::evaluate(ts::sum<1>(x)); }
#endif
