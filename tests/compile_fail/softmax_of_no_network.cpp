// expected-error: mistake<"tesela: softmax follows a network, but before it stands the layer linear<3>: begin with input<...> and join layers behind it with |">
// SPDX-License-Identifier: MIT
// A layer and softmax, but no input.
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
constexpr auto net = ts::linear<3> | ts::softmax;
#else
constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax;
#endif
