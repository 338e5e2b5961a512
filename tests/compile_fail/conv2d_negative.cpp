// expected-error: mistake<"tesela: layer 0 conv2d<0,5> needs at least one filter: write conv2d<1,\.\.\.> or more">
// SPDX-License-Identifier: MIT
// A minus sign that slipped in.
#include "tesela/layer/conv2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<-6, 5>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5>;
#endif
