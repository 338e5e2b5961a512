// expected-error: mistake<"tesela: layer 0 conv2d<2,5> expects an image of at least 5x5 pixels, but the input gives 1x4x9: use a smaller kernel, padding<...> or fewer poolings">
// SPDX-License-Identifier: MIT
// One side of the image is long enough, the other is not.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<1, 4, 9> | ts::conv2d<2, 5>;
#else
inline constexpr auto net = ts::input<1, 5, 9> | ts::conv2d<2, 5>;
#endif
