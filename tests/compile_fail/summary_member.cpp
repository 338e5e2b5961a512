// expected-error: mistake<"tesela: the table of a network is a function: write summary\(net\)">
// SPDX-License-Identifier: MIT
// A network is a type, and has no text.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline const auto table = (ts::input<4> | ts::linear<3>).summary();
#else
inline const auto table = ts::summary(ts::input<4> | ts::linear<3>);
#endif
