// SPDX-License-Identifier: MIT
// VGG-11 for images of 32x32 pixels.
#include "train.hpp"

inline constexpr auto vgg11 =
    ts::input<3, 32, 32> | ts::conv2d<64, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2> |
    ts::conv2d<128, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2> |
    ts::conv2d<256, 3, ts::padding<1>> | ts::relu | ts::conv2d<256, 3, ts::padding<1>> | ts::relu |
    ts::max_pool2d<2> | ts::conv2d<512, 3, ts::padding<1>> | ts::relu |
    ts::conv2d<512, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2> |
    ts::conv2d<512, 3, ts::padding<1>> | ts::relu | ts::conv2d<512, 3, ts::padding<1>> | ts::relu |
    ts::max_pool2d<2> | ts::flatten | ts::linear<512> | ts::relu | ts::linear<512> | ts::relu |
    ts::linear<10>;

int main() { return train(vgg11) > 0 ? 0 : 1; }
