// expected-error: mistake<"tesela: activation share works on one number at a time, so it can have no sum, mean, max or softmax over several: write what becomes of one">
// SPDX-License-Identifier: MIT
// An activation sees one number, not its neighbours.
#include "tesela/layer/activation.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto share = ts::activation<"share">([](auto x) { return exp(x) / sum(exp(x)); });
#else
inline constexpr auto share = ts::activation<"share">([](auto x) { return exp(x) / (1 + exp(x)); });
#endif
