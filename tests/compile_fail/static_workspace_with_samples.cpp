// expected-error: mistake<"tesela: static_workspace{\.\.\.} has room for one sample and expects the network alone, but gets a network and a number: write static_workspace room{net}">
// SPDX-License-Identifier: MIT
// One sample at a time.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_model model{net};

#ifdef TESELA_MISTAKE
  static ts::static_workspace room{net, 64};
#else
  static ts::static_workspace room{net};
#endif
  return model.forward(pixels, room)[0];
}
