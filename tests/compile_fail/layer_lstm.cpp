// expected-error: mistake<"tesela: there is no layer lstm: write linear layers of a whole series, input<28>, or convolutions of it as an image, input<1,1,28>">
// SPDX-License-Identifier: MIT
// Networks have no memory.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::lstm<28> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::linear<28> | ts::relu;
#endif

int size() { return net.output.size; }
