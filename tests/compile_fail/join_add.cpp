// expected-error: mistake<"tesela: a network is a constant and does not grow: write inline constexpr auto longer = net \| linear<10>">
// SPDX-License-Identifier: MIT
// A habit of Keras.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto start = ts::input<4> | ts::linear<3>;
inline constexpr auto net = start.add(ts::relu);
#else
inline constexpr auto start = ts::input<4> | ts::linear<3>;
inline constexpr auto net = start | ts::relu;
#endif
