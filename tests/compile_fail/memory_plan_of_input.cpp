// expected-error: mistake<"tesela: memory_plan<\.\.\.> expects a network with layers, but gets input<\.\.\.> alone: join layers behind it with \|">
// SPDX-License-Identifier: MIT
// A network without layers.
#include "tesela/layer/linear.hpp"
#include "tesela/network/memory_budget.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

#ifdef TESELA_MISTAKE
static_assert(ts::memory_plan<ts::input<4>, ts::training, ts::batch<64>>.bytes < 100'000);
#else
static_assert(ts::memory_plan<net, ts::training, ts::batch<64>>.bytes < 100'000);
#endif
