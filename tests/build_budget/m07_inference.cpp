// SPDX-License-Identifier: MIT
// A convolutional network in a program that only runs it, with the headers that takes.
#include <tesela/layer/activation.hpp>
#include <tesela/layer/conv2d.hpp>
#include <tesela/layer/flatten.hpp>
#include <tesela/layer/linear.hpp>
#include <tesela/layer/max_pool2d.hpp>
#include <tesela/network/model.hpp>
#include <tesela/network/workspace.hpp>

#include <span>

namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2> |
                            ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2> | ts::flatten |
                            ts::linear<120> | ts::relu | ts::linear<80> | ts::relu | ts::linear<10>;

std::span<const float> scores(const decltype(ts::model{cnn}) & model, std::span<const float> images,
                              decltype(ts::workspace{cnn, 1}) & room) {
  return model.forward(images, room);
}
