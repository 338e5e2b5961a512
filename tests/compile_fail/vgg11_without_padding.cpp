// expected-error: mistake<"tesela: layer 11 conv2d<512,3> expects an image of at least 3x3 pixels, but layer 10 max_pool2d<2> gives 256x1x1: use a smaller kernel, padding<...> or fewer poolings">
// SPDX-License-Identifier: MIT
// VGG-11 on CIFAR-10 needs padding<1>; the layer that finds no pixels left is named.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<64, 3> | ts::relu |
                            ts::max_pool2d<2> | ts::conv2d<128, 3> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<256, 3> | ts::relu | ts::conv2d<256, 3> | ts::relu |
                            ts::max_pool2d<2> | ts::conv2d<512, 3> | ts::relu | ts::conv2d<512, 3> |
                            ts::relu | ts::max_pool2d<2> | ts::flatten | ts::linear<10>;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<64, 3, ts::padding<1>> | ts::relu |
                            ts::max_pool2d<2> | ts::conv2d<128, 3, ts::padding<1>> | ts::relu |
                            ts::max_pool2d<2> | ts::conv2d<256, 3, ts::padding<1>> | ts::relu |
                            ts::conv2d<256, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<512, 3, ts::padding<1>> | ts::relu |
                            ts::conv2d<512, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2> |
                            ts::flatten | ts::linear<10>;
#endif

static_assert(net.output == ts::shape<10>);
