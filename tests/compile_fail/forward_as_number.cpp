// expected-error: mistake<"tesela: forward gives all results of its samples, but here stands one number: write forward\(samples, room\)\[0\] for the first of them, or take them as std::span<const float>">
// SPDX-License-Identifier: MIT
// Of three outputs.
#include "tesela/tesela.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

using room = decltype(ts::workspace{net, 1});

float run(const model& m, room& r, std::span<const float> x) {
#ifdef TESELA_MISTAKE
  const float y = m.forward(x, r);
#else
  const float y = m.forward(x, r)[0];
#endif
  return y;
}
