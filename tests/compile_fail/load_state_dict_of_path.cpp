// expected-error: mistake<"tesela: load_state_dict expects named tensors, but gets text: give what state_dict\(\) returned, or load a file with io::load_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// A file is not yet tensors.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void load(const std::vector<ts::named_tensor>& tensors) {
  ts::model model{net};

#ifdef TESELA_MISTAKE
  model.load_state_dict("net.safetensors");
#else
  model.load_state_dict(tensors);
#endif
}
