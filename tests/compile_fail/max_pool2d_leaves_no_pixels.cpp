// expected-error: mistake<"tesela: layer 5 max_pool2d<2> expects an image of at least 2x2 pixels, but layer 4 max_pool2d<2> gives 3x1x1: remove a pooling or give a convolution padding<...>">
// SPDX-License-Identifier: MIT
// One pooling too many for 32 x 32 pixels.
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::max_pool2d<2> | ts::max_pool2d<2> |
                            ts::max_pool2d<2> | ts::max_pool2d<2> | ts::max_pool2d<2> |
                            ts::max_pool2d<2> | ts::flatten;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::max_pool2d<2> | ts::max_pool2d<2> |
                            ts::max_pool2d<2> | ts::max_pool2d<2> | ts::max_pool2d<2> | ts::flatten;
#endif
