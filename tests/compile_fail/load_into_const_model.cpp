// expected-error: mistake<"tesela: load_safetensors expects a model that it may change, but gets a const one: drop the const">
// SPDX-License-Identifier: MIT
// Loading changes the weights.
#include "tesela/io/safetensors.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <string>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void keep(const std::string& path) {

#ifdef TESELA_MISTAKE
  const ts::model model{net};
  ts::io::load_safetensors(model, path);
#else
  ts::model model{net};
  ts::io::load_safetensors(model, path);
#endif
}
