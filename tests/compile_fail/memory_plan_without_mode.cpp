// expected-error: mistake<"tesela: memory_plan<\.\.\.> expects training or inference as its second argument, but gets nothing: write memory_plan<net, training, batch<64>>">
// SPDX-License-Identifier: MIT
// Training needs more memory than running.
#include "tesela/layer/linear.hpp"
#include "tesela/network/memory_budget.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

#ifdef TESELA_MISTAKE
static_assert(ts::memory_plan<net>.bytes < 100'000);
#else
static_assert(ts::memory_plan<net, ts::training, ts::batch<64>>.bytes < 100'000);
#endif
