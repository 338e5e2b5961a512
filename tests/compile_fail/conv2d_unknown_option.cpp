// expected-error: mistake<"tesela: layer 0 conv2d<6,5> takes only stride<...>, padding<...>, dilation<...> and direct as options, each once: name them, as in stride<2>, and remove what is not one of them">
// SPDX-License-Identifier: MIT
// An option of something else.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5, ts::batch<64>>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<6, 5, ts::padding<2>>;
#endif
