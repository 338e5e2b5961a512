// expected-error: mistake<"tesela: a tensor of shape 4 expects its numbers as a span of floats, but gets std::vector<float>: write tensor<...> x\(std::span<const float>\(v\)\), of a std::vector<float> v">
// SPDX-License-Identifier: MIT
// How long the vector is, nobody knows before it runs.
#include "tesela/tesela.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

void run(ts::tensor<4>& y, const std::vector<float>& v) {
#ifdef TESELA_MISTAKE
  ts::tensor<4> z = v;
  y = z;
#else
  ts::tensor<4> z(std::span<const float>{v});
  y = z;
#endif
}
