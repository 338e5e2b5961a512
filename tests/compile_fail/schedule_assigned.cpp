// expected-error: mistake<"tesela: a schedule gives the rate of the next step, as a function of where training stands, but gets a lambda: write step_lr{30}, or \[\]\(const schedule_position& at\) { return at.rate / \(1 \+ at.epoch\); }">
// SPDX-License-Identifier: MIT
// A schedule knows more than the epoch.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(ts::fit_options& options) {
#ifdef TESELA_MISTAKE
  options.schedule = [](int epoch) { return 0.1 / (1 + epoch); };
#else
  options.schedule = [](const ts::schedule_position& at) { return 0.1 / (1 + at.epoch); };
#endif
}
