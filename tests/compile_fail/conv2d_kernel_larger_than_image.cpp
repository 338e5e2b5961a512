// expected-error: mistake<"tesela: layer 2 conv2d<6,7,padding<1>> expects an image of at least 5x5 pixels, but layer 1 max_pool2d<2> gives 3x4x4: use a smaller kernel, padding<...> or fewer poolings">
// SPDX-License-Identifier: MIT
// A kernel that does not fit, padding included.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net =
    ts::input<3, 8, 8> | ts::relu | ts::max_pool2d<2> | ts::conv2d<6, 7, ts::padding<1>>;
#else
inline constexpr auto net =
    ts::input<3, 8, 8> | ts::relu | ts::max_pool2d<2> | ts::conv2d<6, 7, ts::padding<2>>;
#endif
