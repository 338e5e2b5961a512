// SPDX-License-Identifier: MIT
// A network on a device without heap and exceptions: its memory is in the program, its weights are
// constants, and an object asks for nothing but memcpy, memmove and memset.
// flags: -fno-exceptions -fno-rtti
// run:
#include <tesela/layer/activation.hpp>
#include <tesela/layer/linear.hpp>
#include <tesela/network/static_model.hpp>

#include <cstdio>

namespace ts = tesela;

// The exclusive or of two numbers: relu(x + y) - 2 relu(x + y - 1).
inline constexpr auto net = ts::input<2> | ts::linear<2> | ts::relu | ts::linear<1>;

// As in a state_dict: the weights of each layer, row by row, then its biases.
constexpr float trained[net.parameter_count] = {1, 1, 1, 1, 0, -1, /**/ 1, -2, 0};

constexpr ts::static_model model{net, trained};   // in read-only memory
static constinit ts::static_workspace room{net};  // zeros at the start: no byte of the program's file

static_assert(sizeof room <= 512);  // what a sample takes, known before the device is bought

int main() {
  for (const float x : {0.0f, 1.0f}) {
    for (const float y : {0.0f, 1.0f}) {
      const float sample[] = {x, y};
      const float result = model.forward(sample, room)[0];
      std::printf("%g xor %g = %g\n", double{x}, double{y}, double{result});
      if (result != (x == y ? 0.0f : 1.0f)) return 1;
    }
  }
}
