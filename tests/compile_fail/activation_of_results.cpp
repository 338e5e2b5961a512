// expected-error: mistake<"tesela: tanh expects a tensor or an expression, but gets bare numbers: write tensor<10> x\(numbers\), or put it into the network">
// SPDX-License-Identifier: MIT
// Results of a network have no shape.
#include "tesela/tesela.hpp"

#include <span>

namespace ts = tesela;

void run(std::span<const float> results, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = ts::tanh(results);
#else
  y = tanh(ts::tensor<4>(results));
#endif
}
