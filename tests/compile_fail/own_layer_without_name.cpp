// expected-error: mistake<"tesela: layer 0 doubled lacks name\(\), the words of its errors: write static constexpr sentence name\(\) in it \(layer/layer\.hpp\)">
// SPDX-License-Identifier: MIT
// A layer of your own must say what it is called.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
struct doubled : ts::layers::layer {
  static constexpr ts::layer_role kind = ts::layer_role::reshape;
  static constexpr ts::layers::objection objection(auto) { return {}; }
  static constexpr auto output(auto in) { return in; }
};
#else
struct doubled : ts::layers::layer {
  static constexpr ts::sentence name() { return "doubled"; }
  static constexpr ts::layer_role kind = ts::layer_role::reshape;
  static constexpr ts::layers::objection objection(auto) { return {}; }
  static constexpr auto output(auto in) { return in; }
};
#endif
inline constexpr auto net = ts::input<4> | doubled{};
