// expected-error: mistake<"tesela: gradient by w, but the loss does not contain this variable: its gradient would be zero everywhere">
// SPDX-License-Identifier: MIT
// A variable that the loss does not mention.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;
const ts::variable<"v", 5> v;

#ifdef TESELA_MISTAKE
auto slope() { return ts::gradient(ts::sum(v), w); }
#else
auto slope() { return ts::gradient(ts::sum(v), v); }
#endif
