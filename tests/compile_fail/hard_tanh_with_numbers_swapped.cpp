// expected-error: mistake<"tesela: layer 0 hard_tanh_with<1,-1> needs its lower number first: write hard_tanh_with<-1, 1>">
// SPDX-License-Identifier: MIT
// The lower end of a range comes first.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::hard_tanh_with<1, -1>;
#else
inline constexpr auto net = ts::input<8> | ts::hard_tanh_with<-1, 1>;
#endif
