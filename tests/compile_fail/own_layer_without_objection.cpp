// expected-error: mistake<"tesela: layer 0 doubled lacks objection\(extents\), why it cannot follow a shape: return {} where it can \(layer/layer\.hpp\)">
// SPDX-License-Identifier: MIT
// A layer of your own must say what it can follow.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
struct doubled : ts::layers::layer {
  static constexpr ts::sentence name() { return "doubled"; }
  static constexpr ts::layer_role kind = ts::layer_role::reshape;
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
