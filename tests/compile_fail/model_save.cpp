// expected-error: mistake<"tesela: a model is kept in a safetensors file: write io::save_safetensors\(model, path\) or io::load_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// model.save(path) of Keras is io::save_safetensors(model, path) here.
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
  model.save(path);
#else
  ts::io::save_safetensors(model, path);
#endif
}
