// expected-error: mistake<"tesela: from_floats expects the names and the numbers of targets in braces of their own, behind the values: write from_floats\(extents, values, {names, numbers}\)">
// SPDX-License-Identifier: MIT
// Targets are one argument.
#include "tesela/tesela.hpp"

#include <vector>

namespace ts = tesela;

auto sums(const std::vector<float>& numbers, const std::vector<float>& wanted) {
#ifdef TESELA_MISTAKE
  return ts::data::dataset::from_floats({2, 1, 1}, numbers, {"sum", "product"}, wanted);
#else
  return ts::data::dataset::from_floats({2, 1, 1}, numbers, {{"sum", "product"}, wanted});
#endif
}
