// expected-error: mistake<"tesela: a trainer expects an optimizer as its third argument, but gets a floating-point number: write adam{\.learning_rate = 1e-3f} or sgd{\.\.\.}">
// SPDX-License-Identifier: MIT
// The learning rate is the optimizer's.
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
  ts::trainer trainer{model, ts::cross_entropy, 1e-3f};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-3f}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
