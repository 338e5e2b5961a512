// expected-error: mistake<"tesela: forward\(samples, room\) expects samples as floats that stay, but gets braces: write const float sample\[\]{...}, 4 numbers, and model.forward\(sample, room\)">
// SPDX-License-Identifier: MIT
// Braces have no type.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::workspace room{net, 1};
  model.forward({1, 2, 3, 4}, room);
#else
  ts::workspace room{net, 1};
  const float sample[]{1, 2, 3, 4};
  model.forward(sample, room);
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
