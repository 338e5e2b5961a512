// expected-error: mistake<"tesela: checkpoint expects the path of its file, but gets a number: write checkpoint{path}">
// SPDX-License-Identifier: MIT
// A checkpoint is written after every epoch; there is no interval to give.
#include "tesela/io/checkpoint.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/train/trainer.hpp"

#include <string>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

void train(const ts::data::dataset& samples, const std::string& path) {
  ts::model model{net};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};

#ifdef TESELA_MISTAKE
  trainer.fit(samples, {.epochs = 10}, ts::checkpoint{5});
#else
  trainer.fit(samples, {.epochs = 10}, ts::checkpoint{path});
#endif
}
