// expected-error: mistake<"tesela: layer 0 dropout<2> needs a probability, a number from 0 to 1: write dropout<0.5>">
// SPDX-License-Identifier: MIT
// A probability is between 0 and 1.
#include "tesela/layer/dropout.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::dropout<2>;
#else
inline constexpr auto net = ts::input<8> | ts::dropout<0.2>;
#endif
