// expected-error: mistake<"tesela: fit expects options as its second argument, but gets a number: write fit\(train, {\.epochs = 10}\)">
// SPDX-License-Identifier: MIT
// A number does not say what it is for.
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
  trainer.fit(samples, 10);
#else
  trainer.fit(samples, {.epochs = 10});
#endif
}
