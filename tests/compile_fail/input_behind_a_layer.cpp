// expected-error: mistake<"tesela: input<\.\.\.> is where a network begins, but before it stands the layer relu: begin with input<\.\.\.> and join layers behind it with \|">
// SPDX-License-Identifier: MIT
// From right to left.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::relu | ts::input<4>;
#else
inline constexpr auto net = ts::input<4> | ts::relu;
#endif
