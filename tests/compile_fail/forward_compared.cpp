// expected-error: mistake<"tesela: forward gives all results of its samples, but here stands one number: write forward\(samples, room\)\[0\] for the first of them, or take them as std::span<const float>">
// SPDX-License-Identifier: MIT
// A network of several outputs.
#include "tesela/tesela.hpp"

#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

using room = decltype(ts::workspace{net, 1});

bool run(const model& m, room& r, std::span<const float> x) {
#ifdef TESELA_MISTAKE
  return m.forward(x, r) > 0.5f;
#else
  return m.forward(x, r)[0] > 0.5f;
#endif
}
