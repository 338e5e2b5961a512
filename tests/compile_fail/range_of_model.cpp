// expected-error: mistake<"tesela: learning_rate_range expects a trainer that it may change, but gets a model: write trainer teacher{model, cross_entropy, adam{}} and give that">
// SPDX-License-Identifier: MIT
// The rate is the optimiser's, which the trainer has.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/learning_rate_range.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  ts::learning_rate_range(model, samples, {.steps = 50});
#else
  ts::learning_rate_range(trainer, samples, {.steps = 50});
#endif
}
