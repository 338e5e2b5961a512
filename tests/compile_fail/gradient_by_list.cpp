// expected-error: mistake<"tesela: gradient expects variables without braces, since each has a type of its own: write auto \[dw, db\] = gradient\(loss, w, b\)">
// SPDX-License-Identifier: MIT
// A list has elements of one type.
#include "tesela/tesela.hpp"

#include <tuple>

namespace ts = tesela;

void run(ts::variable<"w", 4>& w, ts::variable<"b">& b) {
  const auto loss = sum(square(w)) + square(b);
#ifdef TESELA_MISTAKE
  const auto both = ts::gradient(loss, {w, b});
  static_cast<void>(both);
#else
  w -= std::get<0>(ts::gradient(loss, w, b));
#endif
}
