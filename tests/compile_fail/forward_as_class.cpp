// expected-error: mistake<"tesela: forward gives all results of its samples, but here stands one number: write forward\(samples, room\)\[0\] for the first of them, or take them as std::span<const float>">
// SPDX-License-Identifier: MIT
// The class is the place of the largest.
#include "tesela/tesela.hpp"

#include <algorithm>
#include <span>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

using room = decltype(ts::workspace{net, 1});

int run(const model& m, room& r, std::span<const float> x) {
#ifdef TESELA_MISTAKE
  const int y = m.forward(x, r);
#else
  const auto scores = m.forward(x, r);
  const auto y = static_cast<int>(std::ranges::max_element(scores) - scores.begin());
#endif
  return y;
}
