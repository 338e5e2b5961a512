// expected-error: mistake<"tesela: the optimizer has 0 slots, so it needs `auto rule\(std::uint64_t step, auto g, auto w\) const`">
// SPDX-License-Identifier: MIT
// An optimizer of your own must say how weights change.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

#ifdef TESELA_MISTAKE
struct descent {
  static constexpr std::size_t slots = 0;
};
#else
struct descent {
  static constexpr std::size_t slots = 0;
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - 0.1f * g); }
};
#endif
void train(const ts::data::dataset& samples) {
  ts::model model{net};
  ts::trainer trainer{model, ts::cross_entropy, descent{}};
  trainer.fit(samples, {.epochs = 1});
}
