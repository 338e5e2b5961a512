// expected-error: mistake<"tesela: loss expects its name, as a constant, and a formula: write loss<\\"mine\\">\(\[\]\(auto y, auto t\) { return mean\(square\(y - t\)\); }\)">
// SPDX-License-Identifier: MIT
// A name is text.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto mine = ts::loss<1>([](auto y, auto t) { return ts::mean(square(y - t)); });
#else
inline constexpr auto mine = ts::loss<"mine">([](auto y, auto t) { return ts::mean(square(y - t)); });
#endif
