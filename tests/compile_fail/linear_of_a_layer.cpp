// expected-error: mistake<"tesela: layer 0 linear<\.\.\.> takes one whole number, its outputs: write linear<10>, the number of inputs is inferred">
// SPDX-License-Identifier: MIT
// An activation is a layer of its own.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<ts::relu>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<4> | ts::relu;
#endif
