// expected-error: mistake<"tesela: can_follow expects a network first, but gets a layer and a network: write can_follow\(net, relu\)">
// SPDX-License-Identifier: MIT
// In the order in which they stand.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
static_assert(ts::can_follow(ts::relu, ts::input<4> | ts::linear<3>));
#else
static_assert(ts::can_follow(ts::input<4> | ts::linear<3>, ts::relu));
#endif
