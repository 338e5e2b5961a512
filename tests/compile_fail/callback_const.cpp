// expected-error: mistake<"tesela: the callback that fit is given \(counter\) cannot be called as epoch\(trainer&, const epoch_report&\): take these arguments, the trainer as auto&, in a const function">
// SPDX-License-Identifier: MIT
// A callback that changes itself cannot be const.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
struct counter {
  int epochs = 0;
  void epoch(auto&, const ts::epoch_report&) { ++epochs; }
};

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  const counter count;
  trainer.fit(samples, {.epochs = 10}, count);
#else
  counter count;
  trainer.fit(samples, {.epochs = 10}, count);
#endif
}
