// expected-error: mistake<"tesela: a schedule gives the rate of the next step, as a function of where training stands, but gets a floating-point number: write step_lr{30}, or \[\]\(const schedule_position& at\) { return at.rate / \(1 \+ at.epoch\); }">
// SPDX-License-Identifier: MIT
// A schedule is a function of where training stands.
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
  trainer.fit(samples, {.epochs = 10, .schedule = 0.1});
#else
  trainer.fit(samples, {.epochs = 10, .schedule = ts::exponential_lr{0.9}});
#endif
}
