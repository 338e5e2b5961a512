// expected-error: mistake<"tesela: check_gradient expects variables after the loss: write check_gradient(loss, w, ...)">
// SPDX-License-Identifier: MIT
// It would check nothing and pass.
#include "tesela/autodiff/check_gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;

#ifdef TESELA_MISTAKE
bool right() { return ts::check_gradient(ts::sum(w)).passed(); }
#else
bool right() { return ts::check_gradient(ts::sum(w), w).passed(); }
#endif
