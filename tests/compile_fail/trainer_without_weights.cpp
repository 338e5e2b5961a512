// expected-error: mistake<"tesela: a trainer expects a network with weights, but this one has none: add linear<\.\.\.> or conv2d<\.\.\.>">
// SPDX-License-Identifier: MIT
// There is nothing to train.
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
  ts::model bare{ts::input<4> | ts::relu};
  ts::trainer trainer{bare, ts::cross_entropy, ts::adam{}};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
