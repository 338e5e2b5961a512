// expected-error: mistake<"tesela: behind the input a network expects a layer, but gets a shape: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// A shape reshapes nothing; flatten does.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<1, 2, 2> | ts::shape<4> | ts::relu;
#else
inline constexpr auto net = ts::input<1, 2, 2> | ts::flatten | ts::relu;
#endif
