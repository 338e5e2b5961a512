// expected-error: mistake<"tesela: cross_entropy expects the numbers before softmax, which it computes itself, but the network ends in layer 1 softmax: remove that layer">
// SPDX-License-Identifier: MIT
// Dropout behind it does not hide the softmax.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::softmax | ts::dropout<0.1>;
#else
inline constexpr auto net = ts::input<4> | ts::linear<3> | ts::dropout<0.1>;
#endif

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
}
