// expected-error: mistake<"tesela: input<\.\.\.> expects whole numbers, its extents: write input<3,32,32> or input<3072>">
// SPDX-License-Identifier: MIT
// An extent that is no number.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<ts::shape<3>> | ts::relu;
#else
inline constexpr auto net = ts::input<3> | ts::relu;
#endif
