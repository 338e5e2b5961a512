// SPDX-License-Identifier: MIT
// The table of a network, written by the compiler.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/summary.hpp"

namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::relu | ts::max_pool2d<2> |
                            ts::flatten | ts::linear<10>;

// By hand: 6 * (3 * 25 + 1) = 456 parameters, 6 * 28 * 28 * 75 = 352 800 multiply-adds, 6 * 28 * 28 * 4 =
// 18 816 bytes; (6 * 14 * 14 + 1) * 10 = 11 770 parameters.
static_assert(ts::summary_text<cnn>.view() ==
              "       layer          output     parameters   multiply-adds         bytes\n"
              "       input          3x32x32                                      12,288\n"
              "    0  conv2d<6,5>    6x28x28           456         352,800        18,816\n"
              "    1  relu           6x28x28                                      18,816\n"
              "    2  max_pool2d<2>  6x14x14                                       4,704\n"
              "    3  flatten        1176                                          4,704\n"
              "    4  linear<10>     10             11,770          11,760            40\n"
              "       total                         12,226         364,560        47,080\n");

// Names shorter than the headings keep the columns apart.
static_assert(ts::summary_text<(ts::input<1> | ts::relu)>.view() ==
              "       layer  output    parameters   multiply-adds         bytes\n"
              "       input  1                                                4\n"
              "    0  relu   1                                                4\n"
              "       total                     0               0             4\n");

static_assert(ts::detail::grouped(0) == "0" && ts::detail::grouped(999) == "999");
static_assert(ts::detail::grouped(1000) == "1,000" && ts::detail::grouped(61'482) == "61,482");
static_assert(ts::detail::grouped(153'293'824) == "153,293,824");
