// expected-error: mistake<"tesela: an initializer is a value and expects no parentheses: write model model{net, init::he_normal, seed{42}}">
// SPDX-License-Identifier: MIT
// An initializer is a value.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void run() {
#ifdef TESELA_MISTAKE
  ts::model model{net, ts::init::he_normal(), ts::seed{42}};
#else
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#endif
  static_cast<void>(model.parameters());
}
