// expected-error: mistake<"tesela: static_model{net, weights} expects 67 floats, a number known when compiling, but gets 60: write float weights\[net\.parameter_count\]">
// SPDX-License-Identifier: MIT
// Their number is known.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

static ts::static_model model{net};

#ifdef TESELA_MISTAKE
float weights[60];
#else
float weights[net.parameter_count];
#endif

void receive() { model.load_weights(weights); }
