// SPDX-License-Identifier: MIT
// Compiled twice, with flags of two instruction sets, for one program: TESELA_PART names its functions.
#include <tesela/layer/activation.hpp>
#include <tesela/layer/linear.hpp>
#include <tesela/network/model.hpp>
#include <tesela/network/workspace.hpp>

#include <span>
#include <string>

namespace TESELA_PART {

namespace ts = tesela;

inline constexpr auto net = ts::input<16> | ts::linear<1> | ts::relu;

std::string instruction_set() { return std::string(ts::simd_target); }

// -(1 + 2^-11) * 1 + (1 + 2^-12)^2, by way of a network: 2^-24 where multiplication and addition are one
// instruction with one rounding, 0 where they are two.
float rounding() {
  float sample[16] = {}, weights[16] = {};
  sample[0] = -(1 + 0x1p-11f), weights[0] = 1;
  sample[8] = weights[8] = 1 + 0x1p-12f;
  ts::model model{net};
  auto state = model.state_dict();
  state[0].values.assign(weights, weights + 16);
  model.load_state_dict(state);
  ts::workspace room{net, 1};
  return model.forward(sample, room)[0];
}

}  // namespace TESELA_PART
