// expected-error: mistake<"tesela: \+ expects tensors, expressions and numbers, but gets std::vector<float>: make it a tensor, as in tensor<3> t\(std::span\(v\)\)">
// SPDX-License-Identifier: MIT
// A vector has no shape.
#include "tesela/tesela.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

void run(const ts::tensor<4>& x, ts::tensor<4>& y, const std::vector<float>& v) {
#ifdef TESELA_MISTAKE
  y = x + v;
#else
  y = x + ts::tensor<4>(std::span<const float>(v));
#endif
}
