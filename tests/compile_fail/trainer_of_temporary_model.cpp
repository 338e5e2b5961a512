// expected-error: mistake<"tesela: a trainer expects a model that outlives it, but gets a temporary one: write model model{net, init::he_normal, seed{42}} first and give that">
// SPDX-License-Identifier: MIT
// The trained weights would be lost with the model.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};

#ifdef TESELA_MISTAKE
  ts::trainer trainer{ts::model{net}, ts::cross_entropy, ts::adam{}};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
