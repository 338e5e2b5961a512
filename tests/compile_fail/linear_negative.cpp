// expected-error: mistake<"tesela: layer 0 linear<-1> needs at least one output: write linear<1> or more">
// SPDX-License-Identifier: MIT
// A number below zero.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<-1>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<1>;
#endif
