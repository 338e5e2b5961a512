// expected-error: mistake<"tesela: a trainer trains, its model runs: write workspace room{net, samples} and model.forward\(pixels, room\)">
// SPDX-License-Identifier: MIT
// A trainer is no model.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.predict(pixels);
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  ts::workspace room{net, 1};
  model.forward(pixels, room);
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
