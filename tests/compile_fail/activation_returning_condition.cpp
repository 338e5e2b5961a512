// expected-error: mistake<"tesela: activation step returns a condition: write where\(condition, a, b\)">
// SPDX-License-Identifier: MIT
// A condition is no number.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto step = ts::activation<"step">([](auto x) { return x > 0; });
#else
inline constexpr auto step = ts::activation<"step">([](auto x) { return ts::where(x > 0, 1, 0 * x); });
#endif
