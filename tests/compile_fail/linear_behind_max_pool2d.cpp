// expected-error: mistake<"tesela: layer 5 linear<120> expects a flat input, but layer 4 max_pool2d<2> gives 16x5x5: insert flatten before it">
// SPDX-License-Identifier: MIT
// The mistake everybody makes once, in a program that goes on to use the network: one error,
// no more.
#include "tesela/tesela.hpp"

#include <vector>

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<16, 5> | ts::max_pool2d<2> | ts::linear<120> | ts::relu |
                            ts::linear<10>;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<16, 5> | ts::max_pool2d<2> | ts::flatten | ts::linear<120> |
                            ts::relu | ts::linear<10>;
#endif

static_assert(net.output == ts::shape<10>);
static_assert(net.parameter_count == 52'202);
static_assert(net.macs > 0 && net.layer_count == 9);
static_assert(ts::memory_plan<net, ts::training, ts::batch<64>>.bytes < 16 * 1024 * 1024);

float train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::workspace room{net, 64};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-3f}};
  trainer.fit(samples, {.epochs = 1});
  std::vector<float> image(3 * 32 * 32);
  return model.forward(image, room)[0];
}
