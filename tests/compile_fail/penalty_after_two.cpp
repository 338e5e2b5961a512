// expected-error: mistake<"tesela: penalty small_weights must take the learning rate as third: write auto after\(auto w_new, auto w_old, float learning_rate\) const">
// SPDX-License-Identifier: MIT
// What happens with the step depends on its rate.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct small_weights {
#ifdef TESELA_MISTAKE
  auto after(auto w_new, auto w_old) const { return w_new - 1e-3f * w_old; }
#else
  auto after(auto w_new, auto w_old, float rate) const { return w_new - rate * 1e-3f * w_old; }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}, small_weights{}};
  trainer.fit(samples, {.epochs = 1});
}
