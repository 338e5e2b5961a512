// expected-error: mistake<"tesela: learning_curve expects the path of a \.png, \.svg or \.csv, but gets nothing: write learning_curve{path}">
// SPDX-License-Identifier: MIT
// A picture needs a file.
#include "tesela/io/learning_curve.hpp"
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
  trainer.fit(samples, {.epochs = 10}, ts::learning_curve{});
#else
  trainer.fit(samples, {.epochs = 10}, ts::learning_curve{path});
#endif
}
