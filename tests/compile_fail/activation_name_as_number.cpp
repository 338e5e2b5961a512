// expected-error: mistake<"tesela: activation expects its name, as a constant, and a formula: write activation<\\"bent\\">\(\[\]\(auto x\) { return x \* tanh\(x\); }\)">
// SPDX-License-Identifier: MIT
// A name is text.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto cube = ts::activation<3>([](auto x) { return x * x * x; });
#else
inline constexpr auto cube = ts::activation<"cube">([](auto x) { return x * x * x; });
#endif
