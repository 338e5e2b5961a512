// expected-error: mistake<"tesela: a model runs by forward, in a workspace that you bring: write workspace room{net, samples} and model\.forward\(pixels, room\)">
// SPDX-License-Identifier: MIT
// model.predict(x) of Keras is model.forward(x, room) here.
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
  return model.predict(pixels)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
