// expected-error: mistake<"tesela: activation bent cannot capture: write its numbers into the formula">
// SPDX-License-Identifier: MIT
// A formula is a type: what a lambda captures is not part of it.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr float slope = 0.5f;
inline constexpr auto bent = ts::activation<"bent">([s = slope](auto x) { return x + s * ts::sigmoid(x); });
#else
inline constexpr auto bent = ts::activation<"bent">([](auto x) { return x + 0.5f * ts::sigmoid(x); });
#endif
