// expected-error: mistake<"tesela: a layer is a value and expects no parentheses, but is called with nothing: write relu, linear<10> or dropout<0.5>, joined with |">
// SPDX-License-Identifier: MIT
// As other libraries make layers.
#include "tesela/layer/activation.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::relu();
#else
inline constexpr auto net = ts::input<4> | ts::relu;
#endif
