// expected-error: mistake<"tesela: write_safetensors expects a path and tensors, but gets text and a model: write io::write_safetensors\(path, tensors\), or io::save_safetensors\(model, path\)">
// SPDX-License-Identifier: MIT
// A model lists its tensors.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::io::write_safetensors("net.safetensors", model);
#else
  ts::io::write_safetensors("net.safetensors", model.state_dict());
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
