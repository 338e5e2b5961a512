// expected-error: mistake<"tesela: the rule of the optimizer must be const, since it is a formula and keeps nothing: what changes from step to step is in its slots, and `step` counts">
// SPDX-License-Identifier: MIT
// An optimiser is shared by all parameters.
#include "tesela/tesela.hpp"

#include <cstddef>
#include <cstdint>

namespace ts = tesela;

#ifdef TESELA_MISTAKE
struct decaying {
  static constexpr std::size_t slots = 0;
  float learning_rate = 0.1f;
  float steps = 0;
  auto rule(std::uint64_t, auto g, auto w) {
    ++steps;
    return ts::results(w - learning_rate / steps * g);
  }
};
#else
struct decaying {
  static constexpr std::size_t slots = 0;
  float learning_rate = 0.1f;
  auto rule(std::uint64_t step, auto g, auto w) const {
    return ts::results(w - learning_rate / static_cast<float>(step) * g);
  }
};
#endif

void train(ts::model<decltype(ts::input<4> | ts::linear<3>)>& model) {
  ts::trainer trainer{model, ts::cross_entropy, decaying{}};
  static_cast<void>(trainer);
}
