// expected-error: mistake<"tesela: summary expects a network or a model, but gets nothing: write summary\(net\)">
// SPDX-License-Identifier: MIT
// A summary of what?
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"
#include "tesela/network/summary.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
auto table = ts::summary();
#else
auto table = ts::summary(ts::input<4> | ts::relu);
#endif
