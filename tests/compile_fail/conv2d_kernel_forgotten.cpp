// expected-error: mistake<"tesela: layer 0 conv2d<6,0> needs a kernel of at least one pixel: write conv2d<filters,1> or more">
// SPDX-License-Identifier: MIT
// Filters of which size?
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3>;
#endif
