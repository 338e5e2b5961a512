// expected-error: mistake<"tesela: layers are joined with \|, but behind the input stands \+: write net \| relu \| linear<10>">
// SPDX-License-Identifier: MIT
// The wrong operator.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> + ts::relu;
#else
inline constexpr auto net = ts::input<4> | ts::relu;
#endif
