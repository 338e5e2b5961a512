// expected-error: mistake<"tesela: layer 0 linear<10> expects a flat input, but the input gives 3x32x32: insert flatten before it">
// SPDX-License-Identifier: MIT
// A linear layer directly behind an image.
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::linear<10>;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::flatten | ts::linear<10>;
#endif

static_assert(net.output == ts::shape<10>);
