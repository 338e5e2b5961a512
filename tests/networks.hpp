// SPDX-License-Identifier: MIT
// Test only: the networks of the lectures, as types, by their numbers in the requirements, and two
// small ones that train in no time.
#pragma once

#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace networks {

namespace ts = tesela;

// CIFAR-10, fully connected: the base, deeper, wider, and both.
inline constexpr auto m01 = ts::input<3, 32, 32> | ts::flatten | ts::linear<120> | ts::relu |
                            ts::linear<84> | ts::relu | ts::linear<10>;
inline constexpr auto m02 = ts::input<3, 32, 32> | ts::flatten | ts::linear<120> | ts::relu |
                            ts::linear<120> | ts::relu | ts::linear<84> | ts::relu | ts::linear<10>;
inline constexpr auto m03 = ts::input<3, 32, 32> | ts::flatten | ts::linear<240> | ts::relu |
                            ts::linear<84> | ts::relu | ts::linear<10>;
inline constexpr auto m04 = ts::input<3, 32, 32> | ts::flatten | ts::linear<480> | ts::relu |
                            ts::linear<240> | ts::relu | ts::linear<120> | ts::relu |
                            ts::linear<10>;

// The checkerboard's classifier, up to its sigmoid.
inline constexpr auto m06 = ts::input<2> | ts::linear<256> | ts::relu | ts::linear<256> | ts::relu |
                            ts::linear<256> | ts::relu | ts::linear<256> | ts::relu | ts::linear<1>;

// CIFAR-10, convolutional: the simple network and VGG-11.
inline constexpr auto m07 = ts::input<3, 32, 32>                                //
                            | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2>   //
                            | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>  //
                            | ts::flatten | ts::linear<120> | ts::relu          //
                            | ts::linear<80> | ts::relu | ts::linear<10>;

template <std::size_t Filters>
inline constexpr auto conv3x3 = ts::conv2d<Filters, 3, ts::padding<1>>;

inline constexpr auto m08 =
    ts::input<3, 32, 32>                                                     //
    | conv3x3<64> | ts::relu | ts::max_pool2d<2>                             //
    | conv3x3<128> | ts::relu | ts::max_pool2d<2>                            //
    | conv3x3<256> | ts::relu | conv3x3<256> | ts::relu | ts::max_pool2d<2>  //
    | conv3x3<512> | ts::relu | conv3x3<512> | ts::relu | ts::max_pool2d<2>  //
    | conv3x3<512> | ts::relu | conv3x3<512> | ts::relu | ts::max_pool2d<2>  //
    | ts::flatten | ts::linear<512> | ts::relu                               //
    | ts::linear<512> | ts::relu | ts::linear<10>;

// The first convolution of m07 alone, and its strided variant.
inline constexpr auto m10 = ts::input<3, 32, 32> | ts::conv2d<6, 5>;
inline constexpr auto m11 = ts::input<3, 32, 32> | ts::conv2d<6, 3, ts::stride<2>>;

// m07 and m01 in small: every kind of layer, fused and not.
inline constexpr auto small_cnn = ts::input<2, 11, 9> | ts::conv2d<5, 3, ts::padding<1>> |
                                  ts::relu | ts::max_pool2d<2> | ts::conv2d<7, 3> | ts::relu |
                                  ts::flatten | ts::linear<13> | ts::relu | ts::linear<4>;
inline constexpr auto small_mlp = ts::input<2, 4, 3> | ts::flatten | ts::linear<20> | ts::relu |
                                  ts::linear<9> | ts::relu | ts::linear<3>;

}  // namespace networks
