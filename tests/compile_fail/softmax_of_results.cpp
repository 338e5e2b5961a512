// expected-error: mistake<"tesela: softmax expects a tensor or an expression, but gets bare numbers: end the network with \| softmax, or write tensor<10> x\(numbers\)">
// SPDX-License-Identifier: MIT
// Results of a network have no shape.
#include "tesela/tesela.hpp"

#include <span>

namespace ts = tesela;

void run(std::span<const float> results, ts::tensor<4>& y) {
#ifdef TESELA_MISTAKE
  y = ts::softmax(results);
#else
  y = softmax(ts::tensor<4>(results));
#endif
}
