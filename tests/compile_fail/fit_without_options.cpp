// expected-error: mistake<"tesela: fit expects a dataset and options, but gets a dataset: write fit\(train, {\.epochs = 10}, progress_bar{}\)">
// SPDX-License-Identifier: MIT
// Even the defaults are given, as {}.
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
  trainer.fit(samples);
#else
  trainer.fit(samples, {});
#endif
}
