// expected-error: mistake<"tesela: layer 0 max_pool2d<2> takes only stride<\.\.\.> as options, each once: name them, as in stride<2>, and remove what is not one of them">
// SPDX-License-Identifier: MIT
// The stride as a second number, as in PyTorch; here options have names.
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<2, 2>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<2, ts::stride<2>>;
#endif
