// expected-error: mistake<"tesela: the optimizer does not say how many numbers it remembers of a parameter: add `static constexpr std::size_t slots = 0;`">
// SPDX-License-Identifier: MIT
// An optimiser of one's own, without its number of slots.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct descent {
  float learning_rate = 1e-2f;
#ifndef TESELA_MISTAKE
  static constexpr std::size_t slots = 0;
#endif
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * g); }
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, descent{}};
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
