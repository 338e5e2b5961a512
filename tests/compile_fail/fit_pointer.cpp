// expected-error: mistake<"tesela: fit expects a dataset, but gets a pointer to a dataset: write \*samples">
// SPDX-License-Identifier: MIT
// Only the validation set is given by its address.
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
  trainer.fit(&samples, {.epochs = 10});
#else
  trainer.fit(samples, {.epochs = 10});
#endif
}
