// expected-error: mistake<"tesela: layer 0 max_pool2d<kernel<2,113>> needs a window of at most 225 pixels, since a byte holds the position of the winner: pool in two steps">
// SPDX-License-Identifier: MIT
// A long window whose winner does not fit a byte.
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<1, 2, 120> | ts::max_pool2d<ts::kernel<2, 113>>;
#else
inline constexpr auto net = ts::input<1, 2, 120> | ts::max_pool2d<ts::kernel<2, 112>>;
#endif
