// expected-error: mistake<"tesela: a trainer expects a loss as its second argument, but gets a lambda: write cross_entropy, or a loss of your own \(optim/loss\.hpp\)">
// SPDX-License-Identifier: MIT
// A formula becomes a loss by loss<"name">(...).
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

double train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};

#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, [](auto y, auto t) { return sum(square(y - t)); }, ts::adam{}};
#else
  constexpr auto squares = ts::loss<"squares">([](auto y, auto t) { return sum(square(y - t)); });
  ts::trainer trainer{model, squares, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
