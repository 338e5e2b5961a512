// SPDX-License-Identifier: MIT
// Test only: a network that uses every kernel, trained for one step on every target.
#pragma once

#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/network.hpp"

namespace tesela::test {

inline constexpr auto whole_network = input<3, 9, 7> | relu | conv2d<5, 3, padding<1>> | relu |
                                      max_pool2d<3, stride<2>> | conv2d<7, 2> | max_pool2d<2> |
                                      relu | flatten | linear<13> | relu | linear<6>;

}  // namespace tesela::test
