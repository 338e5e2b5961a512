// expected-error: mistake<"tesela: cross_entropy expects a flat output \(one number a class\), but the network gives 10x6x6: end it with flatten and linear<classes>">
// SPDX-License-Identifier: MIT
// Training for classes needs one number a class at the end.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<10, 3>;
#else
inline constexpr auto net = ts::input<3, 8, 8> | ts::conv2d<10, 3> | ts::flatten | ts::linear<10>;
#endif

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-3f}};
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
