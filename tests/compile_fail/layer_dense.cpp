// expected-error: mistake<"tesela: there is no layer dense: write linear<10>">
// SPDX-License-Identifier: MIT
// Keras' name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::dense<10> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::linear<10> | ts::relu;
#endif

int size() { return net.output.size; }
