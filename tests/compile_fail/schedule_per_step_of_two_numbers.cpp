// expected-error: mistake<"tesela: per_step expects a schedule, such as step_lr{30} or \[\]\(const schedule_position& at\) { return at.rate; }, but gets a lambda: write per_step\(cosine_annealing_lr{}\)">
// SPDX-License-Identifier: MIT
// A schedule gets its place in the run.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  static_cast<void>(ts::per_step([](double step, double rate) { return rate / step; }));
#else
  static_cast<void>(ts::per_step([](const ts::schedule_position& at) { return at.rate / at.step; }));
#endif
}
