// expected-error: mistake<"tesela: layer 0 doubled lacks output\(extents\), the shape it gives: return extents<\.\.\.>{} \(layer/layer\.hpp\)">
// SPDX-License-Identifier: MIT
// A layer of your own must say which shape it gives.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
struct doubled : ts::layers::layer {
  static constexpr ts::sentence name() { return "doubled"; }
  static constexpr ts::layer_role kind = ts::layer_role::reshape;
  static constexpr ts::layers::objection objection(auto) { return {}; }
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
