// expected-error: mistake<"tesela: forward\(sample, room\) of a static_model expects a static_workspace that it may write to and that outlives the results, but gets a temporary one: write static_workspace room{net} first">
// SPDX-License-Identifier: MIT
// The results lie in it.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_model model{net};
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  return model.forward(pixels, ts::static_workspace{net})[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
