// expected-error: mistake<"tesela: static_model{\.\.\.} expects a network and its weights, but gets a network, an initializer and a seed: write static_model model{net, weights}">
// SPDX-License-Identifier: MIT
// It is trained elsewhere.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  static ts::static_model model{net, ts::init::he_normal, ts::seed{42}};
#else
  static ts::static_model model{net};
#endif
  return model.forward(pixels, room)[0];
}
