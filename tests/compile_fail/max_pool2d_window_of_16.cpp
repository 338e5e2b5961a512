// expected-error: mistake<"tesela: layer 0 max_pool2d<16> needs a window of at most 15x15 pixels, since a byte holds the position of the winner: pool in two steps">
// SPDX-License-Identifier: MIT
// A window whose winner does not fit a byte.
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 16, 16> | ts::max_pool2d<16>;
#else
inline constexpr auto net = ts::input<3, 16, 16> | ts::max_pool2d<15>;
#endif
