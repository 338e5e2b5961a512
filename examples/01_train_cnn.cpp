// SPDX-License-Identifier: MIT
// Trains a convolutional network: the program of the README, whole.
//   01_train_cnn data/cifar-10-batches-bin
// run:
#include <tesela/tesela.hpp>
#include <fmt/format.h>
namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120>   | ts::relu
    | ts::linear<80>    | ts::relu
    | ts::linear<10>;

static_assert(cnn.output == ts::shape<10>);
static_assert(cnn.parameter_count == 61'482);
static_assert(ts::memory_plan<cnn, ts::training, ts::batch<64>>.bytes < 16 * 1024 * 1024);

int main(int argc, char** argv) {
  auto [train, test] = argc > 1 ? ts::data::cifar10(argv[1]) : ts::data::shapes({3000, 500});
  auto [fit, validation] = ts::data::split(train, 0.9, ts::seed{7});

  ts::model model{cnn, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-3f}};
  trainer.fit(fit, {.epochs = 10, .batch = 64, .validation = &validation},
              ts::progress_bar{}, ts::early_stopping{.patience = 3}, ts::checkpoint{"cnn.ckpt"});

  fmt::print("test accuracy {:.2f} %\n", 100 * trainer.evaluate(test).accuracy);
  ts::io::save_safetensors(model, "cnn.safetensors");  // PyTorch reads it as nn.Sequential's state_dict
}
