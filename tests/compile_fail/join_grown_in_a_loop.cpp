// expected-error: mistake<"tesela: a network is a constant and does not grow: write inline constexpr auto longer = net \| linear<10>">
// SPDX-License-Identifier: MIT
// Every layer more makes another type.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline const auto deep = [] {
  auto net = ts::input<4>;
  for (int i = 0; i < 3; ++i) net = net | ts::linear<8>;
  return net;
}();
#else
inline const auto deep = [] {
  auto net = ts::input<4>;
  return net | ts::linear<8> | ts::linear<8> | ts::linear<8>;
}();
#endif
