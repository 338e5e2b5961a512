// expected-error: mistake<"tesela: learning_rate_range expects a trainer, a dataset and options, but gets a trainer, a dataset, a floating-point number and a floating-point number: write learning_rate_range(teacher, train, {.from = 1e-6, .to = 1})">
// SPDX-License-Identifier: MIT
// Options stand in braces.
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
  ts::learning_rate_range(trainer, samples, 1e-5, 0.1);
#else
  ts::learning_rate_range(trainer, samples, {.from = 1e-5, .to = 0.1});
#endif
}
