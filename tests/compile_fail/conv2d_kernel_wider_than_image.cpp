// expected-error: mistake<"tesela: layer 0 conv2d<6,kernel<1,5>,padding<0,1>> expects an image of at least 1x3 pixels, but the input gives 3x8x2: use a smaller kernel, padding<...> or fewer poolings">
// SPDX-License-Identifier: MIT
// A rectangular kernel that fits the rows, not the columns.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 2> | ts::conv2d<6, ts::kernel<1, 5>, ts::padding<0, 1>>;
#else
inline constexpr auto net = ts::input<3, 8, 3> | ts::conv2d<6, ts::kernel<1, 5>, ts::padding<0, 1>>;
#endif
