// expected-error: mistake<"tesela: layer 0 linear<\.\.\.> takes one whole number, its outputs: write linear<10>, the number of inputs is inferred">
// skip: clang below 18
// SPDX-License-Identifier: MIT
// A number with a point. (clang before 18 has no such template arguments and says so itself.)
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<10.0f>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<10>;
#endif
