// expected-error: mistake<"tesela: read_safetensors expects a path alone, but gets text and a model: write io::read_safetensors\(path\), or io::load_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// Reading knows of no model.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::io::read_safetensors("net.safetensors", model);
#else
  ts::io::load_safetensors(model, "net.safetensors");
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
