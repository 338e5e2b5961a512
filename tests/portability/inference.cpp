// SPDX-License-Identifier: MIT
// What a small device would compile: a convolutional network that only runs, its memory in the
// program.
#include <tesela/layer/activation.hpp>
#include <tesela/layer/conv2d.hpp>
#include <tesela/layer/flatten.hpp>
#include <tesela/layer/linear.hpp>
#include <tesela/layer/max_pool2d.hpp>
#include <tesela/network/static_model.hpp>

#include <span>

namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2> | ts::flatten |
                            ts::linear<120> | ts::relu | ts::linear<80> | ts::relu | ts::linear<10>;

static constinit ts::static_model model{cnn};
static constinit ts::static_workspace room{cnn};

void load(std::span<const float, cnn.parameter_count> weights) { model.load_weights(weights); }

std::span<const float, 10> scores(std::span<const float, 3 * 32 * 32> image) {
  return model.forward(image, room);
}
