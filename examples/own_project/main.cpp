// SPDX-License-Identifier: MIT
// The smallest program: a network, its weights, one sample through it.
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <array>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

int main() {
  const ts::model model{net, ts::init::he_normal, ts::seed{1}};
  ts::workspace room{net, 1};
  const std::array<float, 4> sample{5.1f, 3.5f, 1.4f, 0.2f};
  fmt::print("{} weights, {}, scores {}\n", net.parameter_count, ts::simd_target,
             fmt::join(model.forward(sample, room), " "));
}
