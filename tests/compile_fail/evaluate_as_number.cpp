// expected-error: mistake<"tesela: evaluate gives the loss and the accuracy together: write evaluate\(test\).accuracy or evaluate\(test\).loss">
// SPDX-License-Identifier: MIT
// Which of both?
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#ifdef TESELA_MISTAKE
  const double right = trainer.evaluate(samples);
#else
  const double right = trainer.evaluate(samples).accuracy;
#endif
  static_cast<void>(right);
}
