// expected-error: mistake<"tesela: forward\(samples, room\) expects a workspace, but gets a number: write workspace room{net, samples} and give it">
// SPDX-License-Identifier: MIT
// The number of samples follows from the floats.
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
  return model.forward(pixels, 64)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
