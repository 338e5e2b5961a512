// expected-error: mistake<"tesela: relu follows a network, but before it stands the layer linear<10>: begin with input<\.\.\.> and join layers behind it with \|">
// SPDX-License-Identifier: MIT
// Layers alone are no network: nothing says what comes in.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::linear<10> | ts::relu | ts::linear<3>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<10> | ts::relu | ts::linear<3>;
#endif
