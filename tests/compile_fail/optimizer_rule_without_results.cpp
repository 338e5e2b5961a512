// expected-error: mistake<"tesela: the rule of the optimizer must return results of 1 expression: the new parameter">
// SPDX-License-Identifier: MIT
// The new weight is wrapped in results, as there may be slots.
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
  auto rule(std::uint64_t, auto g, auto w) const { return w - 0.1f * g; }
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
