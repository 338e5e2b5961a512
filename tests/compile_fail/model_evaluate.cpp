// expected-error: mistake<"tesela: a model is trained and evaluated by a trainer: write trainer teacher{model, cross_entropy, adam{}} and teacher\.fit\(\.\.\.\) or teacher\.evaluate\(\.\.\.\)">
// SPDX-License-Identifier: MIT
// model.evaluate(...) of Keras is trainer.evaluate(...) here.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  model.evaluate(samples);
#else
  trainer.evaluate(samples);
#endif
}
