// expected-error: mistake<"tesela: cross_entropy expects the numbers before softmax, which it computes itself, but the network ends in layer 1 log_softmax: remove that layer">
// SPDX-License-Identifier: MIT
// Flatten behind it does not hide the softmax.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<4, 1, 1> | ts::conv2d<3, 1> | ts::log_softmax | ts::flatten;
#else
inline constexpr auto net = ts::input<4, 1, 1> | ts::conv2d<3, 1> | ts::flatten;
#endif

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
}
