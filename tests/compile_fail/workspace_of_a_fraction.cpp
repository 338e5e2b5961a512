// expected-error: mistake<"tesela: workspace{\.\.\.} expects a network and the samples it has room for, but gets a network and a floating-point number: write workspace room{net, 64}">
// SPDX-License-Identifier: MIT
// Samples are counted.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::model model{net};

#ifdef TESELA_MISTAKE
  ts::workspace room{net, 64.0};
#else
  ts::workspace room{net, 64};
#endif
  return model.forward(pixels, room)[0];
}
