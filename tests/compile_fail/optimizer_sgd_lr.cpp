// expected-error: mistake<"tesela: sgd has no lr: write sgd{.learning_rate = 1e-3f}">
// SPDX-License-Identifier: MIT
// PyTorch's name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m) {
#ifdef TESELA_MISTAKE
  ts::trainer trainer{m, ts::cross_entropy, ts::sgd{.lr = 0.1f}};
#else
  ts::trainer trainer{m, ts::cross_entropy, ts::sgd{.learning_rate = 1e-3f}};
#endif
  (void)trainer;
}
