// expected-error: mistake<"tesela: a static_model expects a network, but gets a layer: write static_model model{net}">
// SPDX-License-Identifier: MIT
// One layer is no network: nothing says what comes in.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  static ts::static_model model{ts::linear<3>};
#else
  static ts::static_model model{net};
#endif
  return model.forward(pixels, room)[0];
}
