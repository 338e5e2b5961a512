// expected-error: mistake<"tesela: layer 1 conv2d<6,3,padding<1>,dilation<4>> expects an image of at least 7x7 pixels, but layer 0 max_pool2d<2> gives 3x6x6: use a smaller kernel or dilation, padding<...> or fewer poolings">
// SPDX-License-Identifier: MIT
// A kernel that would fit without the gaps between its taps.
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 12, 12> | ts::max_pool2d<2> |
                            ts::conv2d<6, 3, ts::padding<1>, ts::dilation<4>>;
#else
inline constexpr auto net = ts::input<3, 12, 12> | ts::max_pool2d<2> |
                            ts::conv2d<6, 3, ts::padding<1>, ts::dilation<3>>;
#endif
