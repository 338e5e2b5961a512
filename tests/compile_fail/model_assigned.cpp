// expected-error: mistake<"tesela: a model is not assigned to another: give the other its weights with best\.load_state_dict\(model\.state_dict\(\)\), or move it with best = std::move\(model\)">
// SPDX-License-Identifier: MIT
// The best of several runs.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void keep(model& best, const model& one) {
#ifdef TESELA_MISTAKE
  best = one;
#else
  best.load_state_dict(one.state_dict());
#endif
}
