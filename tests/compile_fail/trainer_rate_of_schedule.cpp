// expected-error: mistake<"tesela: set_learning_rate expects one number, but gets step_lr: write set_learning_rate\(1e-3f\), and fit\(train, {.schedule = step_lr{30}}\) for a schedule">
// SPDX-License-Identifier: MIT
// A schedule belongs to one fit.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#ifdef TESELA_MISTAKE
  trainer.set_learning_rate(ts::step_lr{30});
#else
  trainer.set_learning_rate(1e-3f);
#endif
  trainer.fit(samples, {.epochs = 1});
}
