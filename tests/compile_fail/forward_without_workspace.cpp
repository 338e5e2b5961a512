// expected-error: mistake<"tesela: forward expects the samples and a workspace, but gets std::vector<float>: write model\.forward\(pixels, room\)">
// SPDX-License-Identifier: MIT
// The memory of a call is the caller's, so that threads can share a model.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::model model{net};
  ts::workspace room{net, 64};

#ifdef TESELA_MISTAKE
  return model.forward(pixels)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
