// expected-error: mistake<"tesela: a model has no modes: forward never drops anything out, and only a trainer does">
// SPDX-License-Identifier: MIT
// There are no modes.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  model.eval();
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
