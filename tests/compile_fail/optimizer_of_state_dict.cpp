// expected-error: mistake<"tesela: a model and its weights are no single number; if an optimizer is to have them, the trainer gives them to it: write trainer{model, cross_entropy, adam{\.learning_rate = 1e-3f}}">
// SPDX-License-Identifier: MIT
// The weights by their names.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m) {
#ifdef TESELA_MISTAKE
  ts::trainer trainer{m, ts::cross_entropy, ts::sgd{m.state_dict(), 1e-3f}};
#else
  ts::trainer trainer{m, ts::cross_entropy, ts::sgd{.learning_rate = 1e-3f}};
#endif
  (void)trainer;
}
