// expected-error: mistake<"tesela: a tensor of shape 4 expects floats, but gets std::vector<double>: write tensor<...> x = v of a std::vector<float> v">
// SPDX-License-Identifier: MIT
// Numbers of another type are not converted unasked.
#include "tesela/tesela.hpp"

#include <vector>

namespace ts = tesela;

void run(ts::tensor<4>& y, const std::vector<double>& v, const std::vector<float>& f) {
#ifdef TESELA_MISTAKE
  ts::tensor<4> z = v;
  y = z;
#else
  ts::tensor<4> z = f;
  y = z;
  y = f;
#endif
  (void)v, (void)f;
}
