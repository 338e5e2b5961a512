// expected-error: mistake<"tesela: layer 0 doubled lacks geometry\(extents\), the convolution of a layer with weights \(layer/layer\.hpp\)">
// SPDX-License-Identifier: MIT
// A layer with weights must say how many.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
struct doubled : ts::layers::layer {
  static constexpr ts::sentence name() { return "doubled"; }
  static constexpr ts::layer_role kind = ts::layer_role::product;
  static constexpr ts::layers::objection objection(auto) { return {}; }
  static constexpr auto output(auto in) { return in; }
};
#else
struct doubled : ts::layers::layer {
  static constexpr ts::sentence name() { return "doubled"; }
  static constexpr ts::layer_role kind = ts::layer_role::product;
  static constexpr ts::layers::objection objection(auto) { return {}; }
  static constexpr auto output(auto in) { return in; }
  static constexpr ts::convolution geometry(auto in) { return {.in = {in[0], 1, 1}, .out = {in[0], 1, 1}}; }
};
#endif
inline constexpr auto net = ts::input<4> | doubled{};
