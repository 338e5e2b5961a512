// expected-error: mistake<"tesela: input<...> expects extents of at least 1, but gets 0: give every axis at least one element">
// SPDX-License-Identifier: MIT
// A sample without features.
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<0> | ts::linear<10>;
#else
inline constexpr auto net = ts::input<1> | ts::linear<10>;
#endif
