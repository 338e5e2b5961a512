// expected-error: mistake<"tesela: layer 0 conv2d<6,3,stride<2,0>> needs a stride of at least one pixel: write stride<1> or more">
// SPDX-License-Identifier: MIT
// A window that moves down but not along.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3, ts::stride<2, 0>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3, ts::stride<2, 1>>;
#endif
