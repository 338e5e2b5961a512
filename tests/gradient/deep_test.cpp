// SPDX-License-Identifier: MIT
// Derivatives of deep mixes of all layers, and of convolutions by Winograd's algorithm.
#include "oracle.hpp"

#include "tesela/network/explain.hpp"

namespace {

using gradient::check_gradients;
using gradient::checks;
using tesela::conv2d, tesela::flatten, tesela::input, tesela::linear, tesela::max_pool2d,
    tesela::padding, tesela::relu, tesela::stride;

BOOST_AUTO_TEST_SUITE(deep_gradients)

BOOST_AUTO_TEST_CASE(of_a_small_lenet) {
  checks options;
  options.batches = {1, 5, 33};
  check_gradients(input<3, 14, 12> | conv2d<4, 3> | relu | max_pool2d<2> | conv2d<6, 3> | relu |
                      max_pool2d<2> | flatten | linear<9> | relu | linear<8> | relu | linear<5>,
                  options);
}

BOOST_AUTO_TEST_CASE(of_layers_in_an_unusual_order) {
  checks options;
  options.batches = {1, 31, 33};
  check_gradients(input<2, 9, 10> | relu | max_pool2d<2, stride<1>> | conv2d<5, 2, stride<2>> |
                      max_pool2d<2, stride<1>> | relu | relu | conv2d<3, 3, padding<2>> |
                      conv2d<4, 2> | relu | flatten | relu | linear<7> | linear<3>,
                  options);
  check_gradients(input<1, 11, 8> | conv2d<2, 5, padding<2>> | conv2d<3, 3, stride<2>> | relu |
                      max_pool2d<3, stride<1>> | flatten | linear<6> | relu | relu | linear<5> |
                      relu,
                  options);
}

BOOST_AUTO_TEST_CASE(by_winograds_algorithm) {
  // Its transforms round, so the way forward is not exact: no relu or pooling whose decision could
  // hang on it, and twice the tolerance.
  constexpr auto net = input<2, 4, 4> | conv2d<32, 1> | conv2d<32, 3, padding<1>> | flatten |
                       linear<3>;
  static_assert(tesela::explain(net).stages[1].winograd);
  checks options;
  options.batches = {1, 2};
  options.exact_forward = false;
  options.tolerance = 2;
  check_gradients(net, options);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
