// expected-error: mistake<"tesela: layer 0 conv2d<6,3> takes only stride<...>, padding<...>, dilation<...> and direct as options, each once: name them, as in stride<2>, and remove what is not one of them">
// SPDX-License-Identifier: MIT
// Two kernels.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 3, ts::kernel<3, 5>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, ts::kernel<3, 5>>;
#endif
