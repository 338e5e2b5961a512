// expected-error: mistake<"tesela: behind layer 0 linear<10> a network expects a layer, but gets another network: write input<\.\.\.> once and all layers behind it">
// SPDX-License-Identifier: MIT
// Two networks do not join; there is one beginning.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<10> | ts::input<10> | ts::relu;
#else
inline constexpr auto net = ts::input<4> | ts::linear<10> | ts::relu;
#endif
