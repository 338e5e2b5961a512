// expected-error: mistake<"tesela: layer 0 conv2d<6,5,padding<1>> takes only stride<...>, padding<...>, dilation<...> and direct as options, each once: name them, as in stride<2>, and remove what is not one of them">
// SPDX-License-Identifier: MIT
// Which of the two is meant?
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5, ts::padding<2>, ts::padding<1>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5, ts::padding<2>>;
#endif
