// expected-error: mistake<"tesela: nll expects logarithms of probabilities, but the network ends in layer 2 linear<3>: end it with log_softmax, or train numbers before softmax with cross_entropy">
// SPDX-License-Identifier: MIT
// Without the logarithms the loss has no lower end: it falls and nothing is learnt.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/losses.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

double train(const ts::data::dataset& samples) {

#ifdef TESELA_MISTAKE
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::nll, ts::adam{}};
#else
  ts::model model{net | ts::log_softmax, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::nll, ts::adam{}};
#endif
  trainer.fit(samples, {.epochs = 1});
  return trainer.evaluate(samples).accuracy;
}
