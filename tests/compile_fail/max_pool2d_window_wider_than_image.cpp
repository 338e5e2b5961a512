// expected-error: mistake<"tesela: layer 0 max_pool2d<kernel<2,9>,stride<2,1>> expects an image of at least 2x9 pixels, but the input gives 3x8x8: remove a pooling or give a convolution padding<...>">
// SPDX-License-Identifier: MIT
// A rectangular window that fits the rows, not the columns.
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<ts::kernel<2, 9>, ts::stride<2, 1>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<ts::kernel<2, 8>, ts::stride<2, 1>>;
#endif
