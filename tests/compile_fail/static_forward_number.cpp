// expected-error: mistake<"tesela: forward\(sample, room\) of a static_model expects one sample of 4 floats \(4\), but gets a number: write float pixels\[model\.inputs\]">
// SPDX-License-Identifier: MIT
// A sample, not how many.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/static_model.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const float (&pixels)[4]) {
  static ts::static_model model{net};
  static ts::static_workspace room{net};

#ifdef TESELA_MISTAKE
  return model.forward(1, room)[0];
#else
  return model.forward(pixels, room)[0];
#endif
}
