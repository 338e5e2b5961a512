// expected-error: mistake<"tesela: warm_up expects a schedule, such as step_lr{30} or \[\]\(const schedule_position& at\) { return at\.rate; }, but gets cosine_annealing_lr and a number: write warm_up\(5, cosine_annealing_lr{}\)">
// SPDX-License-Identifier: MIT
// Among the options of fit.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m, const ts::data::dataset& train) {
  ts::trainer trainer{m, ts::cross_entropy, ts::adam{}};
#ifdef TESELA_MISTAKE
  trainer.fit(train, {.epochs = 30, .schedule = ts::warm_up(ts::cosine_annealing_lr{}, 5)});
#else
  trainer.fit(train, {.epochs = 30, .schedule = ts::warm_up(5, ts::cosine_annealing_lr{})});
#endif
}
