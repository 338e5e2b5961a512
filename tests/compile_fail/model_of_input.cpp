// expected-error: mistake<"tesela: a model expects a network with layers, but gets input<\.\.\.> alone: join layers behind it with \|">
// SPDX-License-Identifier: MIT
// A network without layers computes nothing.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::workspace room{net, 4};

#ifdef TESELA_MISTAKE
  ts::model model{ts::input<4>};
#else
  ts::model model{net};
#endif
  return model.forward(pixels, room)[0];
}
