// expected-error: mistake<"tesela: print_shape: layer 1 max_pool2d<2> gives 6x14x14, 1176 numbers a sample">
// SPDX-License-Identifier: MIT
// No mistake but a question: which shape arrives here? Take print_shape out to go on.
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::max_pool2d<2> | ts::print_shape | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | ts::max_pool2d<2> | ts::relu;
#endif
