// expected-error: mistake<"tesela: forward\(samples, room\) expects a workspace of its own network, but gets one of another network: write workspace room{model\.network, samples}">
// SPDX-License-Identifier: MIT
// Every network has a plan of its own for its memory.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
inline constexpr auto other = ts::input<4> | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::model model{net};

#ifdef TESELA_MISTAKE
  ts::workspace room{other, 64};
  return model.forward(pixels, room)[0];
#else
  ts::workspace room{net, 64};
  return model.forward(pixels, room)[0];
#endif
}
