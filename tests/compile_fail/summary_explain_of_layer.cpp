// expected-error: mistake<"tesela: explain expects a network or a model, but gets a layer: write explain(net).text()">
// SPDX-License-Identifier: MIT
// Stages are a network's.
#include "tesela/layer/activation.hpp"
#include "tesela/network/explain.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
auto words() { return ts::explain(ts::relu).text(); }
#else
auto words() { return ts::explain(ts::input<4> | ts::relu).text(); }
#endif
