// expected-error: mistake<"tesela: a dataset keeps its order, and fit draws a new one for every epoch: write fit\(train, {.epochs = 10, .seed = seed{1}}\)">
// SPDX-License-Identifier: MIT
// Fit shuffles.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  samples.shuffle();
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1, .seed = ts::seed{1}});
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
