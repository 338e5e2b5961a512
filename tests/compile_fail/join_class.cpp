// expected-error: mistake<"tesela: behind the input a network expects a layer, but gets doubled: write a layer such as relu or linear<10>, or derive yours from layers::layer">
// SPDX-License-Identifier: MIT
// A class of your own that does not say that it is a layer.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

struct doubled {};

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | doubled{};
#else
inline constexpr auto net = ts::input<4> | ts::relu;
#endif
