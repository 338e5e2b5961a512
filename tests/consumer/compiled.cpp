// SPDX-License-Identifier: MIT
// A program outside this repository that links libtesela.
#include <tesela/tesela.hpp>

#include <array>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

int main() {
  const ts::model model{net, ts::init::he_normal, ts::seed{1}};
  ts::workspace room{net, 1};
  return model.forward(std::array<float, 4>{1, 2, 3, 4}, room).size() == 3 ? 0 : 1;
}
