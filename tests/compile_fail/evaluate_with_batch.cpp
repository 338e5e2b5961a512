// expected-error: mistake<"tesela: evaluate expects a dataset alone, but gets a dataset and a number: write evaluate\(test\)">
// SPDX-License-Identifier: MIT
// The result does not depend on a batch size, so there is none.
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
  trainer.evaluate(samples, 64);
#else
  trainer.evaluate(samples);
#endif
}
