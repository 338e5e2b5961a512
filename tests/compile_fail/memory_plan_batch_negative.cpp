// expected-error: mistake<"tesela: memory_plan<\.\.\.> expects a batch of at least one sample: write memory_plan<net, training, batch<64>>">
// SPDX-License-Identifier: MIT
// Fewer than none.
#include "tesela/layer/linear.hpp"
#include "tesela/network/memory_budget.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

#ifdef TESELA_MISTAKE
static_assert(ts::memory_plan<net, ts::inference, ts::batch<-1>>.bytes < 100'000);
#else
static_assert(ts::memory_plan<net, ts::inference, ts::batch<1>>.bytes < 100'000);
#endif
