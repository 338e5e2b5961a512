// expected-error: mistake<"tesela: load_weights expects a static_model that it may change, but gets a const one: write static static_model model{net}">
// SPDX-License-Identifier: MIT
// Weights that come later.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float weights[net.parameter_count];

#ifdef TESELA_MISTAKE
constexpr ts::static_model model{net};
#else
static ts::static_model model{net};
#endif

void receive() { model.load_weights(weights); }
