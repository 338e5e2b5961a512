// expected-error: mistake<"tesela: layer 2 linear<10> expects a flat input, but layer 1 relu gives 4x6x6: insert flatten before it">
// SPDX-License-Identifier: MIT
// The last layer sees an image.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3> | ts::relu | ts::linear<10>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3> | ts::relu | ts::flatten | ts::linear<10>;
#endif
