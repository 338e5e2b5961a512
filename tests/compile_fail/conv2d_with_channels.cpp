// expected-error: mistake<"tesela: layer 0 conv2d<3,6> takes only stride<\.\.\.>, padding<\.\.\.>, dilation<\.\.\.> and direct as options, each once: name them, as in stride<2>, and remove what is not one of them">
// SPDX-License-Identifier: MIT
// nn.Conv2d(3, 6, 5) of PyTorch is conv2d<6, 5> here: the 3 is known.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<3, 6, 5>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5>;
#endif
