// expected-error: mistake<"tesela: behind layer 0 linear<3> a network expects a layer, but gets a loss: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// The loss is the trainer's; a network ends before it.
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::cross_entropy;
#else
inline constexpr auto net = ts::input<4> | ts::linear<3>;
#endif
