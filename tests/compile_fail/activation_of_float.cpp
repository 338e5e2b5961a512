// expected-error: mistake<"tesela: activation bent must take any expression: write its parameter as auto">
// SPDX-License-Identifier: MIT
// A formula is written for expressions, not for floats.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto bent = ts::activation<"bent">([](float x) { return x * x; });
#else
inline constexpr auto bent = ts::activation<"bent">([](auto x) { return x * x; });
#endif
