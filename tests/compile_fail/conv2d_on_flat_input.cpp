// expected-error: mistake<"tesela: layer 1 conv2d<6,5> expects an image \(channels x height x width\), but layer 0 flatten gives 3072: put it before flatten, or start from input<channels,height,width>">
// SPDX-License-Identifier: MIT
// A convolution behind flatten.
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::conv2d<6, 5>;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::flatten;
#endif
