// expected-error: mistake<"tesela: behind layer 0 linear<3> a network expects a layer, but gets a function: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// std::tanh is a function of a number.
#include "tesela/tesela.hpp"

#include <cmath>

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<3> | std::tanh;
#else
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::tanh;
#endif
