// expected-error: mistake<"tesela: the rule of descent works on one number at a time, so it can have no sum, mean, max or softmax over several: write what becomes of one">
// SPDX-License-Identifier: MIT
// A rule moves one parameter, and knows of no other.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct descent {
  static constexpr const char* name = "descent";
  static constexpr std::size_t slots = 0;
  float learning_rate = 0.1f;
#ifdef TESELA_MISTAKE
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * mean(g)); }
#else
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * g); }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, descent{}};
  trainer.fit(samples, {.epochs = 1});
}
