// expected-error: mistake<"tesela: unfused expects a network first, but gets a model: write unfused\(net\)">
// SPDX-License-Identifier: MIT
// A network can be unfused, before it is a model.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::model slow = ts::unfused(model);
#else
  ts::model slow{ts::unfused(net)};
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
