// expected-error: mistake<"tesela: load_safetensors expects a model and a path, but gets text: write io::load_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// A file does not make a network; the program says which it is, and the file must fit.
#include "tesela/io/safetensors.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

#include <string>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void keep(const std::string& path) {

#ifdef TESELA_MISTAKE
  auto model = ts::io::load_safetensors(path);
#else
  ts::model model{net};
  ts::io::load_safetensors(model, path);
#endif
}
