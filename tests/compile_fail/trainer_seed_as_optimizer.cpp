// expected-error: mistake<"tesela: a trainer expects an optimizer as its third argument, but gets a seed: write adam{\.learning_rate = 1e-3f} or sgd{\.\.\.}">
// SPDX-License-Identifier: MIT
// The seed of the order of samples is an option of fit.
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
  ts::trainer trainer{model, ts::cross_entropy, ts::seed{42}};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
