// expected-error: mistake<"tesela: the callback that fit is given \(a dataset\) has none of begin, batch, epoch and end: write void epoch\(auto& trainer, const epoch_report& report\) in it">
// SPDX-License-Identifier: MIT
// The validation set is an option.
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
  trainer.fit(samples, {.epochs = 10}, samples);
#else
  trainer.fit(samples, {.epochs = 10, .validation = &samples});
#endif
}
