// expected-error: mistake<"tesela: forward\(sample, room\) of a static_model expects a static_workspace of its own network, but gets one of another network: write static_workspace room{model\.network}">
// SPDX-License-Identifier: MIT
// Another network has another plan.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

inline constexpr auto other = ts::input<4> | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_model model{net};

#ifdef TESELA_MISTAKE
  static ts::static_workspace room{other};
  return model.forward(pixels, room)[0];
#else
  static ts::static_workspace room{model.network};
  return model.forward(pixels, room)[0];
#endif
}
