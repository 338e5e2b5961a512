// expected-error: mistake<"tesela: layer 0 softshrink_with<-0.5> needs a gap of at least 0: write softshrink_with<0.5>">
// SPDX-License-Identifier: MIT
// A gap has a size.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::softshrink_with<-0.5>;
#else
inline constexpr auto net = ts::input<8> | ts::softshrink_with<0.5>;
#endif
