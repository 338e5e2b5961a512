// expected-error: mistake<"tesela: fit expects a dataset, but gets two datasets, \.first and \.second: give one of them">
// SPDX-License-Identifier: MIT
// A split has two parts.
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
  trainer.fit(ts::data::split(samples, 0.9, ts::seed{7}), {.epochs = 10});
#else
  trainer.fit(ts::data::split(samples, 0.9, ts::seed{7}).first, {.epochs = 10});
#endif
}
