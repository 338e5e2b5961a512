// expected-error: mistake<"tesela: model{\.\.\.} expects a network, an initializer and a seed, but gets a network and a number: write model{net, init::he_normal, seed{42}}">
// SPDX-License-Identifier: MIT
// A model that was refused does not make its trainer tell a second error.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

double train(const ts::data::dataset& samples) {

#ifdef TESELA_MISTAKE
  ts::model model{net, 42};
#else
  ts::model model{net};
#endif
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
