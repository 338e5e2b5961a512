// expected-error: mistake<"tesela: input<...> expects one extent \(features\) or three \(channels,height,width\), but gets 2: write input<3,32,32> or input<3072>">
// SPDX-License-Identifier: MIT
// A grey image needs its channel.
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<28, 28> | ts::flatten | ts::linear<10>;
#else
inline constexpr auto net = ts::input<1, 28, 28> | ts::flatten | ts::linear<10>;
#endif

static_assert(net.output == ts::shape<10>);
