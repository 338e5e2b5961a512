// expected-error: mistake<"tesela: plot_learning_curve expects the history of fit and a path, but gets a trainer and text: write plot_learning_curve\(history, path, {\.title = name}\)">
// SPDX-License-Identifier: MIT
// The history is what fit returns.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

using model = decltype(ts::model{net});

void run(model& m, const ts::data::dataset& train) {
  ts::trainer trainer{m, ts::cross_entropy, ts::adam{}};
  const ts::history history = trainer.fit(train, {.epochs = 3});
#ifdef TESELA_MISTAKE
  ts::plot_learning_curve(trainer, "curve.png", {.title = "three epochs"});
#else
  ts::plot_learning_curve(history, "curve.png", {.title = "three epochs"});
#endif
}
