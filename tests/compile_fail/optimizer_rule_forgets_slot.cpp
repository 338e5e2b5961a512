// expected-error: mistake<"tesela: the rule of velocity_descent must return results of 2 expressions: the new parameter, then every slot anew">
// SPDX-License-Identifier: MIT
// A rule that forgets what becomes of its slot.
#include "tesela/tesela.hpp"

namespace ts = tesela;

struct descent {
  float learning_rate = 1e-2f;
  static constexpr const char* name = "velocity_descent";
  static constexpr std::size_t slots = 1;
#ifdef TESELA_MISTAKE
  auto rule(std::uint64_t, auto g, auto w, auto v) const {
    return ts::results(w - learning_rate * (v + g));
  }
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
