// expected-error: mistake<"tesela: static_model{net, weights} expects 67 floats, a number known when compiling, but gets any number of them: write float weights\[net\.parameter_count\]">
// SPDX-License-Identifier: MIT
// Nothing is checked at run time, so the number must be in the type.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4], const std::vector<float>& weights) {
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  static ts::static_model model{net, weights};
#else
  static ts::static_model model{net, std::span(weights).first<net.parameter_count>()};
#endif
  return model.forward(pixels, room)[0];
}
