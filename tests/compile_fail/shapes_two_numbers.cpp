// expected-error: mistake<"tesela: shapes expects how many images, in braces, but gets a number and a number: write auto [train, test] = data::shapes({3000, 500})">
// SPDX-License-Identifier: MIT
// The braces are missing.
#include "tesela/data/shapes.hpp"

namespace ts = tesela;

auto images() {
#ifdef TESELA_MISTAKE
  return ts::data::shapes(3000, 500);
#else
  return ts::data::shapes({3000, 500});
#endif
}
