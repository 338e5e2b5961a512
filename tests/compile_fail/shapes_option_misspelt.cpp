// expected-error: mistake<"tesela: shapes expects {.train = 20000, .test = 4000, .seed = seed{1}}, in this order, but gets a name or type that is not among them">
// SPDX-License-Identifier: MIT
// Another name.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  const auto sets = ts::data::shapes({.train_size = 3000});
#else
  const auto sets = ts::data::shapes({.train = 3000});
#endif
  static_cast<void>(sets);
}
