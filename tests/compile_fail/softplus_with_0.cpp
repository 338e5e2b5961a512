// expected-error: mistake<"tesela: layer 0 softplus_with<0,20> divides by 0: write softplus_with<1>">
// SPDX-License-Identifier: MIT
// softplus divides by its first number.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::softplus_with<0>;
#else
inline constexpr auto net = ts::input<8> | ts::softplus_with<1>;
#endif
