// expected-error: mistake<"tesela: layer 0 max_pool2d<0> needs a window of at least one pixel: write max_pool2d<2>">
// SPDX-License-Identifier: MIT
// A window of no pixels.
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<0>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<1>;
#endif
