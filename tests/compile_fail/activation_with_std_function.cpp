// expected-error: mistake<"tesela: an expression is computed later, so C\+\+ has no number of it yet: write evaluate\(x\) for its value, where\(x > 0, a, b\) for if and \?:, and exp\(x\), sqrt\(x\), max\(x, y\) without std::">
// max-lines: 40
// SPDX-License-Identifier: MIT
// std::exp knows numbers alone.
#include "tesela/layer/activation.hpp"

#include <cmath>

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto bump = ts::activation<"bump">([](auto x) { return x * std::exp(-x); });
#else
inline constexpr auto bump = ts::activation<"bump">([](auto x) { return x * exp(-x); });
#endif
