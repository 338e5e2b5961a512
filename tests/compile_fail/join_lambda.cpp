// expected-error: mistake<"tesela: behind the input a network expects a layer, but gets a lambda: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// A formula becomes a layer by activation.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | [](auto x) { return x * x; };
#else
inline constexpr auto net = ts::input<4> | ts::activation<"square">([](auto x) { return x * x; });
#endif
