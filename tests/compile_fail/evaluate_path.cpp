// expected-error: mistake<"tesela: evaluate expects a dataset, but gets text: read a file first, as with data::cifar10\(path\)">
// SPDX-License-Identifier: MIT
// A path is not yet data.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  trainer.evaluate("data/cifar-10-batches-bin");
#else
  trainer.evaluate(samples);
#endif
}
