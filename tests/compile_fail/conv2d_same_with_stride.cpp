// expected-error: mistake<"tesela: layer 0 conv2d<4,3,stride<2>,padding<\\"same\\">> keeps the size of an image with stride<1> and a kernel of odd size alone: write padding<1>, or padding<rows,columns>">
// SPDX-License-Identifier: MIT
// A step of two pixels halves an image.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3, ts::padding<"same">, ts::stride<2>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<4, 3, ts::padding<1>, ts::stride<2>>;
#endif
