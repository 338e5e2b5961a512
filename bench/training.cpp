// SPDX-License-Identifier: MIT
// The training steps of the small networks.
#include "training.hpp"

namespace bench {

void mlp_adam(context& with) {
  training_case(with, "mlp-adam", mlp, ts::adam{}, ts::adam{.learning_rate = 1e-6f}, 64, 50);
}

void mlp_sgd(context& with) {
  training_case(with, "mlp-sgd", mlp, ts::sgd{.learning_rate = 1e-2f, .momentum = 0.9f},
                ts::sgd{.learning_rate = 1e-6f, .momentum = 0.9f}, 64, 50);
}

void cnn_adam(context& with) {
  training_case(with, "cnn-adam", cnn, ts::adam{}, ts::adam{.learning_rate = 1e-6f}, 64, 50);
}

void checker_adam(context& with) {
  training_case(with, "checker-adam", checker, ts::adam{}, ts::adam{.learning_rate = 1e-6f}, 128,
                50, "two outputs and cross-entropy, on both sides");
}

}  // namespace bench
