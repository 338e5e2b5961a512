// expected-error: mistake<"tesela: the network takes 2048 bytes in training with batch<16>, more than its budget of 1000: parameters 128, gradients 128, optimizer 256, workspace 1536: a smaller batch takes less workspace">
// SPDX-License-Identifier: MIT
// A promise about memory that the network does not keep; the parts say where it goes.
#include "tesela/layer/linear.hpp"
#include "tesela/network/memory_budget.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

#ifdef TESELA_MISTAKE
static_assert(ts::memory_budget<net, ts::training, ts::batch<16>, 1'000>);
#else
static_assert(ts::memory_budget<net, ts::training, ts::batch<16>, 100'000>);
#endif
