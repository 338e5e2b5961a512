// expected-error: mistake<"tesela: a tensor holds numbers, but gets a condition, which is true or false in every element: write where(x > 0, 1, 0)">
// SPDX-License-Identifier: MIT
// A comparison chooses, it is not a number.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;

const ts::tensor<2, 3> x;
#ifdef TESELA_MISTAKE
const ts::tensor<2, 3> positive = x > 0;
#else
const ts::tensor<2, 3> positive = ts::where(x > 0, x, 0);
#endif
