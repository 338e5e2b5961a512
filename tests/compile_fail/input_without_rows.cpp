// expected-error: mistake<"tesela: input<...> expects extents of at least 1, but gets 3x0x32: give every axis at least one element">
// SPDX-License-Identifier: MIT
// An image without rows.
#include "tesela/layer/flatten.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 0, 32> | ts::flatten;
#else
inline constexpr auto net = ts::input<3, 1, 32> | ts::flatten;
#endif
