// expected-error: mistake<"tesela: velocity_descent has 1 slot, so it needs `auto rule\(std::uint64_t step, auto g, auto w, auto s0\) const`">
// SPDX-License-Identifier: MIT
// A rule that does not take the slot its optimiser has.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct descent {
  float learning_rate = 1e-2f;
  static constexpr const char* name = "velocity_descent";
  static constexpr std::size_t slots = 1;
#ifdef TESELA_MISTAKE
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * g); }
#else
  auto rule(std::uint64_t, auto g, auto w, auto v) const {
    return ts::results(w - learning_rate * (v + g), v + g);
  }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<3>;

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, descent{}};
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
