// expected-error: mistake<"tesela: model{net, initializer, seed} expects as its second argument an initializer, but gets text: write init::he_normal, or a function of \(random_stream, init::fans, index\)">
// SPDX-License-Identifier: MIT
// An initializer by its name in quotes.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::workspace room{net, 4};

#ifdef TESELA_MISTAKE
  ts::model model{net, "he_normal", ts::seed{42}};
#else
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#endif
  return model.forward(pixels, room)[0];
}
