// expected-error: mistake<"tesela: softmax is a value in a network and expects no parentheses: write net \| softmax">
// SPDX-License-Identifier: MIT
// A layer is a value.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax();
#else
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax;
#endif
