// expected-error: mistake<"tesela: forward\(sample, room\) of a static_model expects one sample of 4 floats \(4\), but gets any number of floats: write std::span\(pixels\)\.first<4>\(\)">
// SPDX-License-Identifier: MIT
// Nothing is checked at run time, so the number must be in the type.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  static ts::static_model model{net};
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  return model.forward(pixels, room)[0];
#else
  return model.forward(std::span(pixels).first<4>(), room)[0];
#endif
}
