// expected-error: mistake<"tesela: static_model{net, weights} expects 67 floats, a number known when compiling, but gets 66: write float weights\[net\.parameter_count\]">
// SPDX-License-Identifier: MIT
// Weights of another network, or without the last bias.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  static constexpr float weights[66] = {};
#else
  static constexpr float weights[net.parameter_count] = {};
#endif
  static const ts::static_model model{net, weights};
  return model.forward(pixels, room)[0];
}
