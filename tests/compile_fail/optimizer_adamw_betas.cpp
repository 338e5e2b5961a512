// expected-error: mistake<"tesela: adamw has no betas: write adamw{.beta1 = 0.9f, .beta2 = 0.999f}">
// SPDX-License-Identifier: MIT
// PyTorch's name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m) {
#ifdef TESELA_MISTAKE
  ts::trainer trainer{m, ts::cross_entropy, ts::adamw{.betas = {0.9f, 0.99f}}};
#else
  ts::trainer trainer{m, ts::cross_entropy, ts::adamw{.beta1 = 0.9f, .beta2 = 0.999f}};
#endif
  (void)trainer;
}
