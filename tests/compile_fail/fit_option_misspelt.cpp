// expected-error: mistake<"tesela: fit expects as options {\.epochs = 10, \.batch = 64, \.validation = &samples, \.seed = seed{1}, \.threads = 2, \.schedule = step_lr{30}}, in this order, but gets a name or type that is not among them">
// SPDX-License-Identifier: MIT
// A letter too few.
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
  trainer.fit(samples, {.epoch = 10});
#else
  trainer.fit(samples, {.epochs = 10});
#endif
}
