// expected-error: mistake<"tesela: a variable has a name, by which derivatives know it, in front of its shape: write variable<\\"w\\", 2, 3> w">
// SPDX-License-Identifier: MIT
// By what are derivatives taken?
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  ts::variable<2, 3> w{1, 2, 3, 4, 5, 6};
#else
  ts::variable<"w", 2, 3> w{1, 2, 3, 4, 5, 6};
#endif
  static_cast<void>(w);
}
