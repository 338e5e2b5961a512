// expected-error: mistake<"tesela: resume expects a trainer and a path, but gets a model and text: write io::resume\(trainer, path\)">
// SPDX-License-Identifier: MIT
// A checkpoint holds the optimizer too, which the trainer has.
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
  ts::io::resume(model, path);
  trainer.fit(samples, {.epochs = 10});
#else
  ts::io::resume(trainer, path);
  trainer.fit(samples, {.epochs = 10});
#endif
}
