// expected-error: mistake<"tesela: forward\(samples, room\) expects samples as floats in one piece, but gets std::vector<double>: write std::vector<float> pixels\(samples \* model\.inputs\)">
// SPDX-License-Identifier: MIT
// Everything is float.
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
  return model.forward(std::vector<double>(4), room)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
