// expected-error: mistake<"tesela: \+ expects shapes that fit together, but gets 4x3 and 5: extents, counted from the last axis, must be equal or 1">
// SPDX-License-Identifier: MIT
// Neither extent is 1.
#include "tesela/autodiff/gradient.hpp"

namespace ts = tesela;
const ts::variable<"w", 4, 3> w;
const ts::tensor<5> five_numbers;
const ts::tensor<3> three_numbers;

#ifdef TESELA_MISTAKE
auto added() { return w + five_numbers; }
#else
auto added() { return w + three_numbers; }
#endif
