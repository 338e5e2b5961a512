// expected-error: mistake<"tesela: the rule of the optimizer must return results of 1 expression: the new parameter">
// SPDX-License-Identifier: MIT
// A rule that changes the parameter, as PyTorch's step does.
#include "tesela/tesela.hpp"

#include <cstdint>

namespace ts = tesela;

struct descent {
  float learning_rate = 1e-2f;
  static constexpr std::size_t slots = 0;
#ifdef TESELA_MISTAKE
  void rule(std::uint64_t, auto g, auto& w) const { w -= learning_rate * g; }
#else
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * g); }
#endif
};

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

void run(model& m) {
  ts::trainer trainer{m, ts::cross_entropy, descent{}};
  (void)trainer;
}
