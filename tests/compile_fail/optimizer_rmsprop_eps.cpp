// expected-error: mistake<"tesela: rmsprop has no eps: write rmsprop{.epsilon = 1e-8f}">
// SPDX-License-Identifier: MIT
// PyTorch's name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m) {
#ifdef TESELA_MISTAKE
  ts::trainer trainer{m, ts::cross_entropy, ts::rmsprop{.eps = 1e-6f}};
#else
  ts::trainer trainer{m, ts::cross_entropy, ts::rmsprop{.epsilon = 1e-8f}};
#endif
  (void)trainer;
}
