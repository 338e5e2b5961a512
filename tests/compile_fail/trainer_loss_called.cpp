// expected-error: mistake<"tesela: cross_entropy is a value and expects no parentheses: write trainer{model, cross_entropy, adam{}}">
// SPDX-License-Identifier: MIT
// A loss is a value.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy(), ts::adam{}};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
