// expected-error: mistake<"tesela: activation bent must take one expression of any type: write \[\]\(auto x\)">
// SPDX-License-Identifier: MIT
// A formula is written for expressions, not for floats.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto bent = ts::activation<"bent">([](float x) { return x * x; });
#else
inline constexpr auto bent = ts::activation<"bent">([](auto x) { return x * x; });
#endif
