// expected-error: mistake<"tesela: a layer is a value and expects no parentheses, but is called with a number and a number: write relu, linear<10> or dropout<0.5>, joined with |">
// SPDX-License-Identifier: MIT
// Inputs follow from the layer before.
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<10>(4, 10);
#else
inline constexpr auto net = ts::input<4> | ts::linear<10>;
#endif
