// expected-error: mistake<"tesela: fit expects the options before the callbacks, but gets progress_bar before them: write fit\(train, {\.epochs = 10, \.validation = &samples}, progress_bar{}\)">
// SPDX-License-Identifier: MIT
// Callbacks come last.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/progress_bar.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  trainer.fit(samples, ts::progress_bar{}, {.epochs = 10});
#else
  trainer.fit(samples, {.epochs = 10}, ts::progress_bar{});
#endif
}
