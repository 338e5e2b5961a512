// expected-error: mistake<"tesela: behind layer 0 linear<10> a network expects a layer, but gets text: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// A layer by its name in quotes, as Keras has it.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<10> | "relu";
#else
inline constexpr auto net = ts::input<4> | ts::linear<10> | ts::relu;
#endif
