// expected-error: mistake<"tesela: forward\(samples, room\) expects a multiple of 4 floats \(4 a sample\), but gets 7: give whole samples">
// SPDX-License-Identifier: MIT
// An array knows its size while compiling, so a wrong one is found there.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <array>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score() {
  ts::model model{net};
  ts::workspace room{net, 64};

#ifdef TESELA_MISTAKE
  return model.forward(std::array<float, 7>{}, room)[0];
#else
  return model.forward(std::array<float, 8>{}, room)[0];
#endif
}
