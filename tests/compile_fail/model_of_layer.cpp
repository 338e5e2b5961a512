// expected-error: mistake<"tesela: a model expects a network, but gets a layer: write model{net, init::he_normal, seed{42}}">
// SPDX-License-Identifier: MIT
// One layer is no network: nothing says what comes in.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::workspace room{net, 4};

#ifdef TESELA_MISTAKE
  ts::model model{ts::linear<3>, ts::init::he_normal, ts::seed{42}};
#else
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#endif
  return model.forward(pixels, room)[0];
}
