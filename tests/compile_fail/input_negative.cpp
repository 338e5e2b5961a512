// expected-error: mistake<"tesela: input<\.\.\.> expects extents of at least 1, but gets 3x-32x32: give every axis at least one element">
// SPDX-License-Identifier: MIT
// A minus sign that slipped in.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, -32, 32> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::relu;
#endif
