// expected-error: mistake<"tesela: a model prints no table of itself: write std::puts\(summary\(model\).c_str\(\)\)">
// SPDX-License-Identifier: MIT
// A table is text.
#include "tesela/tesela.hpp"

#include <cstdio>
#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  model.summary();
#else
  std::puts(ts::summary(model).c_str());
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
