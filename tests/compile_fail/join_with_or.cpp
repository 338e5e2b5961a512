// expected-error: mistake<"tesela: layers are joined with \|, but behind layer 0 linear<8> stands \|\|: write net \| relu \| linear<10>">
// SPDX-License-Identifier: MIT
// One stroke too many.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<8> || ts::relu;
#else
inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu;
#endif
