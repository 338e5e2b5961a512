// expected-error: mistake<"tesela: layer 0 conv2d<4,4,padding<\\"same\\">> keeps the size of an image with stride<1> and a kernel of odd size alone: write padding<1>, or padding<rows,columns>">
// SPDX-License-Identifier: MIT
// One side would get more than the other.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 4, ts::padding<"same">>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3, ts::padding<"same">>;
#endif
