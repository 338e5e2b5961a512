// expected-error: mistake<"tesela: layer 1 linear<8,3> takes one whole number, its outputs: write linear<10>, the number of inputs is inferred">
// SPDX-License-Identifier: MIT
// nn.Linear(8, 3) of PyTorch is linear<3> here: the 8 is known.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<8> | ts::relu | ts::linear<8, 3>;
#else
inline constexpr auto net = ts::input<8> | ts::relu | ts::linear<3>;
#endif
