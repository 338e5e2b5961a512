// SPDX-License-Identifier: MIT
// Trains networks of the library's own mathematics for a few steps and keeps what came out.
#include "networks.hpp"

#include <tesela/tesela.hpp>

#include <string>

namespace ts = tesela;

// Winograd's algorithm with and without pooling, and an activation whose input must be kept.
inline constexpr auto wide = ts::input<3, 32, 32> | networks::conv3x3<32> | ts::relu |
                             networks::conv3x3<32> | ts::gelu | networks::conv3x3<32> | ts::tanh |
                             ts::max_pool2d<2> | ts::flatten | ts::linear<10>;

template <class Net, class Rule>
void train(Net net, Rule rule, const std::string& path) {
  const auto images = ts::data::shapes({300, 70});
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, rule};
  trainer.fit(images.train, {.epochs = 1, .batch = 64, .validation = &images.test},
              ts::early_stopping{}, ts::checkpoint{path});
  if (!(trainer.evaluate(images.test).loss > 0)) throw ts::training_error("no loss");
}

int main(int, char** argv) {
  const std::string folder = argv[1];
  train(networks::m07, ts::adam{}, folder + "/m07.ckpt");
  train(networks::m01, ts::sgd{.momentum = 0.9f}, folder + "/m01.ckpt");
  train(wide, ts::noisy_sgd{}, folder + "/wide.ckpt");
}
