// expected-error: mistake<"tesela: there is no layer conv1d: write conv2d<8,kernel<1,3>> of images of one row: input<1,1,28>">
// SPDX-License-Identifier: MIT
// There are images alone.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv1d<8, 3> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<8, ts::kernel<1, 3>> | ts::relu;
#endif

int size() { return net.output.size; }
