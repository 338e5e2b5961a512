// expected-error: mistake<"tesela: a model is not copied: pass it as model&, or make a second one and give it the weights with second\.load_state_dict\(first\.state_dict\(\)\)">
// SPDX-License-Identifier: MIT
// Weights are large: nobody copies them unasked.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

float score(const std::vector<float>& pixels) {
  ts::workspace room{net, 4};

#ifdef TESELA_MISTAKE
  ts::model first{net};
  auto model = first;
#else
  ts::model first{net};
  auto& model = first;
#endif
  return model.forward(pixels, room)[0];
}
