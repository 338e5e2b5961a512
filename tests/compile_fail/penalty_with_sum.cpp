// expected-error: mistake<"tesela: penalty small_weights works on one number at a time, so it can have no sum, mean, max or softmax over several: write what becomes of one">
// SPDX-License-Identifier: MIT
// A penalty says what one weight costs; the sum over all is taken outside.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct small_weights {
#ifdef TESELA_MISTAKE
  auto value(auto w) const { return 1e-3f * sum(square(w)); }
#else
  auto value(auto w) const { return 1e-3f * square(w); }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}, small_weights{}};
  trainer.fit(samples, {.epochs = 1});
}
