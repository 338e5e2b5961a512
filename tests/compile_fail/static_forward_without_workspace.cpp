// expected-error: mistake<"tesela: forward expects a sample and a static_workspace, but gets float \[4\]: write model\.forward\(pixels, room\)">
// SPDX-License-Identifier: MIT
// The memory is the caller's.
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
  return model.forward(pixels)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
