// expected-error: mistake<"tesela: forward\(samples, room\) expects a workspace that it may write to and that outlives the results, but gets a const one: write workspace room{net, samples} first">
// SPDX-License-Identifier: MIT
// The results lie in the workspace.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::model model{net};

#ifdef TESELA_MISTAKE
  const ts::workspace room{net, 64};
  return model.forward(pixels, room)[0];
#else
  ts::workspace room{net, 64};
  return model.forward(pixels, room)[0];
#endif
}
