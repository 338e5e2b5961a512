// expected-error: mistake<"tesela: the callback that fit is given \(a pointer to progress_bar\) has none of begin, batch, epoch and end: write void epoch\(auto& trainer, const epoch_report& report\) in it">
// SPDX-License-Identifier: MIT
// Callbacks are given themselves; fit takes them by reference.
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
  ts::progress_bar bar;
  trainer.fit(samples, {.epochs = 10}, &bar);
#else
  ts::progress_bar bar;
  trainer.fit(samples, {.epochs = 10}, bar);
#endif
}
