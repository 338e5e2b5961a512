// expected-error: mistake<"tesela: activation one must return an expression of x, like x \* sigmoid\(x\)">
// SPDX-License-Identifier: MIT
// A number is no function of x.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto one = ts::activation<"one">([](auto) { return 1.0f; });
#else
inline constexpr auto one = ts::activation<"one">([](auto x) { return x; });
#endif
