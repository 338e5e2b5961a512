// expected-error: mistake<"tesela: layer 0 leaky_relu_with<inf> needs finite numbers: write them as in leaky_relu_with<0.01>">
// SPDX-License-Identifier: MIT
// Numbers of activations are finite.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::leaky_relu_with<1e39>;
#else
inline constexpr auto net = ts::input<8> | ts::leaky_relu_with<0.1>;
#endif
