// expected-error: mistake<"tesela: layer 1 softmax expects no axis, since in a network it always runs over the channels: write net \| softmax">
// SPDX-License-Identifier: MIT
// In a network there is one axis for it.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax<1>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax;
#endif
