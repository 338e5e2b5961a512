// expected-error: mistake<"tesela: gradient expects variables after the loss, but gets something without a name: declare it as variable<\\"w\\",4,3>">
// SPDX-License-Identifier: MIT
// Only what has a name can be told apart from other tensors of its shape.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::tensor<4, 3> x;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
auto slope() { return ts::gradient(ts::sum(x), x); }
#else
auto slope() { return ts::gradient(ts::sum(w), w); }
#endif
