// expected-error: mistake<"tesela: forward\(samples, room\) expects samples as floats in one piece, but gets a pointer to a floating-point number: write std::vector<float> pixels\(samples \* model\.inputs\)">
// SPDX-License-Identifier: MIT
// A pointer does not say how many floats follow; a span does.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::model model{net};
  ts::workspace room{net, 64};

#ifdef TESELA_MISTAKE
  return model.forward(pixels.data(), room)[0];
#else
  return model.forward(std::span(pixels.data(), 4), room)[0];
#endif
}
