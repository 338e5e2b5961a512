// expected-error: mistake<"tesela: layer 0 conv2d<6,3,dilation<0>> needs a dilation of at least one pixel: write dilation<1> or more">
// SPDX-License-Identifier: MIT
// Taps on top of each other.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3, ts::dilation<0>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3, ts::dilation<1>>;
#endif
