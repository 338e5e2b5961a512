// expected-error: mistake<"tesela: input<\.\.\.> expects one extent \(features\) or three \(channels,height,width\), but gets 4: leave the batch out, its size is given when training: write input<3,32,32>">
// SPDX-License-Identifier: MIT
// The batch is no part of a network.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<64, 3, 32, 32> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::relu;
#endif
