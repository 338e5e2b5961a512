// expected-error: mistake<"tesela: warm_up expects a schedule, such as step_lr{30} or \[\]\(const schedule_position& at\) { return at.rate; }, but gets step_lr and a floating-point number: write warm_up\(5, cosine_annealing_lr{}\)">
// SPDX-License-Identifier: MIT
// How long comes first.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  static_cast<void>(ts::warm_up(ts::step_lr{30}, 5.0));
#else
  static_cast<void>(ts::warm_up(5.0, ts::step_lr{30}));
#endif
}
