// expected-error: mistake<"tesela: forward\(sample, room\) of a static_model expects a static_workspace, but gets a workspace: write static_workspace room{net} and give it">
// SPDX-License-Identifier: MIT
// A workspace keeps its memory on the heap.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>
#include "tesela/network/workspace.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_model model{net};

#ifdef TESELA_MISTAKE
  ts::workspace room{net, 1};
  return model.forward(pixels, room)[0];
#else
  static ts::static_workspace room{net};
  return model.forward(pixels, room)[0];
#endif
}
