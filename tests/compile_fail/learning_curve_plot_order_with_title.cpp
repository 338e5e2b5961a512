// expected-error: mistake<"tesela: plot_learning_curve expects the history of fit and a path, but gets text and history: write plot_learning_curve\(history, path, {.title = name}\)">
// SPDX-License-Identifier: MIT
// What is drawn comes first, its title last.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run(const ts::history& past) {
#ifdef TESELA_MISTAKE
  ts::plot_learning_curve("curve.svg", past, {.title = "CNN"});
#else
  ts::plot_learning_curve(past, "curve.svg", {.title = "CNN"});
#endif
}
