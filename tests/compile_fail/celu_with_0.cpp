// expected-error: mistake<"tesela: layer 1 celu_with<0> divides by 0: write celu_with<1>">
// SPDX-License-Identifier: MIT
// celu divides by its number.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::linear<8> | ts::celu_with<0>;
#else
inline constexpr auto net = ts::input<8> | ts::linear<8> | ts::celu_with<1>;
#endif
