// expected-error: mistake<"tesela: layers are joined by \|, not listed: write inline constexpr auto net = input<784> \| linear<64> \| relu \| linear<10>">
// SPDX-License-Identifier: MIT
// A network is an expression.
#include "tesela/tesela.hpp"

#include <span>

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::network{ts::input<4>, ts::linear<8>, ts::relu, ts::linear<2>};
#else
inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<2>;
#endif

void run(std::span<const float> pixels) {
  const ts::model model{net};
  ts::workspace room{net, 64};
  static_cast<void>(model.forward(pixels, room));
}
