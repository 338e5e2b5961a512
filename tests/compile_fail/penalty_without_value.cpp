// expected-error: mistake<"tesela: what follows the optimizer must be a penalty or a clipping: a struct with `auto value\(auto w\) const`, the expression to add to the loss for every weight">
// SPDX-License-Identifier: MIT
// A penalty of one's own, under another name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct small_weights {
#ifdef TESELA_MISTAKE
  auto penalty(auto w) const { return 1e-3f * square(w); }
#else
  auto value(auto w) const { return 1e-3f * square(w); }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}, small_weights{}};
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
