// expected-error: mistake<"tesela: loss expects its name, as a constant, and a formula: write loss<\\"mine\\">\(\[\]\(auto y, auto t\) { return mean\(square\(y - t\)\); }\)">
// SPDX-License-Identifier: MIT
// A loss has a name, for errors and reports.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto mine = ts::loss([](auto y, auto t) { return ts::mean(y * t); });
#else
inline constexpr auto mine = ts::loss<"mine">([](auto y, auto t) { return ts::mean(y * t); });
#endif
