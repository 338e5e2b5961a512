// expected-error: mistake<"tesela: there is no layer avg_pool2d: write max_pool2d<2>, or a convolution with stride<2>">
// SPDX-License-Identifier: MIT
// Of poolings there is one.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::avg_pool2d<2> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::max_pool2d<2> | ts::relu;
#endif

int size() { return net.output.size; }
