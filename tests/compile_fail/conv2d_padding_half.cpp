// expected-error: mistake<"tesela: layer 0 conv2d<4,3,padding<\?>> needs a padding of whole pixels, 0 or more: write padding<1>, or padding<\\"same\\">">
// SPDX-License-Identifier: MIT
// Part of a pixel.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3, ts::padding<0.5>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3, ts::padding<"same", 0>>;
#endif
