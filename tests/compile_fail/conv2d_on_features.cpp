// expected-error: mistake<"tesela: layer 0 conv2d<6,5> expects an image \(channels x height x width\), but the input gives 3072: put it before flatten, or start from input<channels,height,width>">
// SPDX-License-Identifier: MIT
// A convolution of features that never were an image.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3072> | ts::conv2d<6, 5>;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5>;
#endif
