// expected-error: mistake<"tesela: behind the input a network expects a layer, but gets a number: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// The number of outputs without its layer. The rest of the chain adds no error.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | 10 | ts::relu;
#else
inline constexpr auto net = ts::input<4> | ts::linear<10> | ts::relu;
#endif
