// expected-error: mistake<"tesela: binary_cross_entropy_with_logits expects the numbers before sigmoid, which it computes itself, but the network ends in layer 3 sigmoid: remove that layer">
// SPDX-License-Identifier: MIT
// A sigmoid of a sigmoid lies between 0.5 and 0.73.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/losses.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

double train(const ts::data::dataset& samples) {

#ifdef TESELA_MISTAKE
  ts::model model{net | ts::sigmoid, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::binary_cross_entropy_with_logits, ts::adam{}};
#else
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::binary_cross_entropy_with_logits, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
