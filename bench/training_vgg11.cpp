// SPDX-License-Identifier: MIT
// The training step of VGG-11, in a file of its own: it is the one that takes long to compile.
#include "training.hpp"

namespace bench {

void vgg11_sgd(context& with) {
  training_case(with, "vgg11-sgd", vgg11, ts::sgd{.learning_rate = 1e-2f, .momentum = 0.9f},
                ts::sgd{.learning_rate = 1e-6f, .momentum = 0.9f}, 64, 10);
}

}  // namespace bench
