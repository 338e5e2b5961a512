// expected-error: mistake<"tesela: fit expects a dataset, but gets std::vector<float>: make one with data::dataset::from_floats or from_bytes">
// SPDX-License-Identifier: MIT
// Numbers alone have neither shape nor classes.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  trainer.fit(std::vector<float>(400), {.epochs = 10});
#else
  trainer.fit(samples, {.epochs = 10});
#endif
}
