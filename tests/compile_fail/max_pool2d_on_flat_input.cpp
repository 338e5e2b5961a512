// expected-error: mistake<"tesela: layer 1 max_pool2d<2> expects an image \(channels x height x width\), but layer 0 flatten gives 192: put it before flatten, or start from input<channels,height,width>">
// SPDX-License-Identifier: MIT
// Pooling behind flatten.
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::flatten | ts::max_pool2d<2>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::max_pool2d<2> | ts::flatten;
#endif
