// expected-error: mistake<"tesela: model{\.\.\.} expects a network, an initializer and a seed, but gets a network and text: write model{net, init::he_normal, seed{42}}">
// SPDX-License-Identifier: MIT
// Weights out of a file come later, by io::load_safetensors(model, path).
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::workspace room{net, 4};

#ifdef TESELA_MISTAKE
  ts::model model{net, "net.safetensors"};
#else
  ts::model model{net};
#endif
  return model.forward(pixels, room)[0];
}
