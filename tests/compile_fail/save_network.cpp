// expected-error: mistake<"tesela: save_safetensors expects a model and a path, but gets a network and text: write io::save_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// A network has no weights; a model has.
#include "tesela/io/safetensors.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <string>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void keep(const std::string& path) {
  ts::model model{net};

#ifdef TESELA_MISTAKE
  ts::io::save_safetensors(net, path);
#else
  ts::io::save_safetensors(model, path);
#endif
}
