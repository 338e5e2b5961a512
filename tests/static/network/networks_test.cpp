// SPDX-License-Identifier: MIT
// The networks of the lectures as types: every shape on the way, parameters and multiply-adds.
#include "networks.hpp"

#include <type_traits>

using namespace tesela;
using namespace networks;

// Shape of what layer I gives, and the layer's costs.
template <std::size_t I, class Net>
constexpr auto output_of(Net) {
  return typename meta::at<typename Net::placed_layers, I>::output_type{};
}
template <std::size_t I, class Net>
constexpr std::size_t parameters_of(Net) {
  return meta::at<typename Net::placed_layers, I>::parameter_count();
}

// Parameters, counted by hand in the lectures' tables: (inputs + 1) * outputs a layer.
static_assert(m01.parameter_count == 379'774);
static_assert(m02.parameter_count == 394'294);
static_assert(m03.parameter_count == 758'614);
static_assert(m04.parameter_count == 1'620'610);
static_assert(m06.parameter_count == 198'401);
static_assert(m07.parameter_count == 61'482);
static_assert(m08.parameter_count == 9'750'922);

static_assert(m01.macs == 379'560);
static_assert(m07.macs == 651'200);
static_assert(m08.macs == 153'293'824);

static_assert(m01.output == shape<10> && m02.output == shape<10> && m03.output == shape<10>);
static_assert(m04.output == shape<10> && m07.output == shape<10> && m08.output == shape<10>);
static_assert(m06.output == shape<1>);

// m01, layer by layer.
static_assert(m01.layer_count == 6 && m01.input == shape<3, 32, 32>);
static_assert(output_of<0>(m01) == shape<3072>);
static_assert(output_of<1>(m01) == shape<120> && parameters_of<1>(m01) == 3073 * 120);
static_assert(output_of<2>(m01) == shape<120> && parameters_of<2>(m01) == 0);
static_assert(output_of<3>(m01) == shape<84> && parameters_of<3>(m01) == 121 * 84);
static_assert(output_of<5>(m01) == shape<10> && parameters_of<5>(m01) == 85 * 10);

// m07: 3x32x32 -> 6x28x28 -> 6x14x14 -> 16x10x10 -> 16x5x5 -> 400 -> 120 -> 80 -> 10.
static_assert(m07.layer_count == 12);
static_assert(output_of<0>(m07) == shape<6, 28, 28> && parameters_of<0>(m07) == 456);
static_assert(output_of<1>(m07) == shape<6, 28, 28>);
static_assert(output_of<2>(m07) == shape<6, 14, 14>);
static_assert(output_of<3>(m07) == shape<16, 10, 10> && parameters_of<3>(m07) == 2'416);
static_assert(output_of<4>(m07) == shape<16, 10, 10>);
static_assert(output_of<5>(m07) == shape<16, 5, 5>);
static_assert(output_of<6>(m07) == shape<400>);
static_assert(output_of<7>(m07) == shape<120> && parameters_of<7>(m07) == 48'120);
static_assert(output_of<8>(m07) == shape<120>);
static_assert(output_of<9>(m07) == shape<80> && parameters_of<9>(m07) == 9'680);
static_assert(output_of<10>(m07) == shape<80>);
static_assert(output_of<11>(m07) == shape<10> && parameters_of<11>(m07) == 810);

// m08: five poolings take 32 pixels to 1; 9 220 480 parameters are the convolutions'.
static_assert(output_of<0>(m08) == shape<64, 32, 32> && output_of<2>(m08) == shape<64, 16, 16>);
static_assert(output_of<3>(m08) == shape<128, 16, 16> && output_of<5>(m08) == shape<128, 8, 8>);
static_assert(output_of<6>(m08) == shape<256, 8, 8> && output_of<8>(m08) == shape<256, 8, 8>);
static_assert(output_of<10>(m08) == shape<256, 4, 4>);
static_assert(output_of<11>(m08) == shape<512, 4, 4> && output_of<15>(m08) == shape<512, 2, 2>);
static_assert(output_of<16>(m08) == shape<512, 2, 2> && output_of<20>(m08) == shape<512, 1, 1>);
static_assert(output_of<21>(m08) == shape<512> && output_of<26>(m08) == shape<10>);
static_assert(m08.layer_count == 27);
static_assert(parameters_of<0>(m08) + parameters_of<3>(m08) + parameters_of<6>(m08) +
                  parameters_of<8>(m08) + parameters_of<11>(m08) + parameters_of<13>(m08) +
                  parameters_of<16>(m08) + parameters_of<18>(m08) ==
              9'220'480);

static_assert(m10.output == shape<6, 28, 28>);
static_assert(m11.output == shape<6, 15, 15>);
static_assert(m10.parameter_count == (3 * 5 * 5 + 1) * 6 && m10.macs == 3 * 5 * 5 * 6 * 28 * 28);
static_assert(m11.parameter_count == (3 * 3 * 3 + 1) * 6 && m11.macs == 3 * 3 * 3 * 6 * 15 * 15);

// A network is a type without data; the same stack is the same type, however it is put together.
static_assert(std::is_empty_v<std::remove_cvref_t<decltype(m08)>>);
static_assert(Network<decltype(m07)> && Network<decltype(input<3>)> && !Network<decltype(relu)>);
constexpr auto begun = input<3, 8, 8> | conv2d<4, 3>;
static_assert(
    std::is_same_v<decltype(begun | relu), decltype(input<3, 8, 8> | conv2d<4, 3> | relu)>);

// An input alone.
static_assert(input<3, 4, 5>.output == shape<3, 4, 5> && input<7>.output == shape<7>);
static_assert(input<7>.layer_count == 0 && input<7>.parameter_count == 0 && input<7>.macs == 0);

// Asking whether a layer fits, without complaint.
static_assert(can_follow(input<3, 8, 8>, conv2d<4, 3>));
static_assert(can_follow(input<3, 8, 8>, flatten));
static_assert(can_follow(input<3, 8, 8> | flatten, flatten));  // once more does no harm
static_assert(can_follow(input<3, 8, 8> | flatten, linear<10>));
static_assert(!can_follow(input<3, 8, 8>, linear<10>));
static_assert(!can_follow(input<3, 8, 8> | flatten, conv2d<4, 3>));
static_assert(!can_follow(input<3, 8, 8>, conv2d<4, 9>));
static_assert(can_follow(input<3, 8, 8>, conv2d<4, 9, padding<1>>));
static_assert(!can_follow(input<3, 1, 1>, max_pool2d<2>));
static_assert((input<3, 8, 8> | flatten | flatten | linear<10>).output == shape<10>);

// The sentence itself, as the compile-time error prints it.
using stack = std::remove_cvref_t<decltype(input<3, 32, 32> | conv2d<6, 5> | relu | max_pool2d<2> |
                                           conv2d<16, 5> | max_pool2d<2>)>;
static_assert(detail::complaint<stack, layers::linear<120>>() ==
              "tesela: layer 5 linear<120> expects a flat input, but layer 4 max_pool2d<2> gives "
              "16x5x5: insert flatten before it");
static_assert(detail::complaint<stack, layers::flatten>().empty());
// A fault of the layer's own arguments does not blame its neighbour.
static_assert(detail::complaint<stack, layers::linear<0>>() ==
              "tesela: layer 5 linear<0> needs at least one output: write linear<1> or more");

// The longest sentence that a network of a hundred layers may need leaves room for more.
using long_named =
    std::remove_cvref_t<decltype(input<2048, 1, 1> |
                                 conv2d<2048, kernel<15, 16>, stride<16, 17>, padding<200, 210>,
                                        dilation<12, 13>, direct>)>;
static_assert(detail::complaint<long_named, layers::conv2d<2048, grid(99, 98), grid(16, 17),
                                                           grid(10, 11), grid(12, 13), true>>()
                      .size() +
                  4 <  // two more digits for each of the two layers' numbers
              sentence::capacity);
