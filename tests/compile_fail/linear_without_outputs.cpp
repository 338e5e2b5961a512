// expected-error: mistake<"tesela: layer 1 linear<0> needs at least one output: write linear<1> or more">
// SPDX-License-Identifier: MIT
// A linear layer of nothing.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::relu | ts::linear<0>;
#else
inline constexpr auto net = ts::input<8> | ts::relu | ts::linear<1>;
#endif
