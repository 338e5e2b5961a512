// expected-error: mistake<"tesela: a trainer keeps no files: write io::save_safetensors\(model, path\) for the weights, or give fit a checkpoint{path}">
// SPDX-License-Identifier: MIT
// Files are a matter of their own.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.save("net.safetensors");
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  ts::io::save_safetensors(model, "net.safetensors");
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
