// SPDX-License-Identifier: MIT
// Derivatives of poolings: fused with a product or not, before and behind activations, overlapping,
// with gaps, and where they do not divide the image.
#include "oracle.hpp"

namespace {

using gradient::check_gradients;
using tesela::conv2d, tesela::flatten, tesela::input, tesela::kernel, tesela::linear,
    tesela::max_pool2d, tesela::padding, tesela::relu, tesela::stride;

BOOST_AUTO_TEST_SUITE(pooling_gradients)

BOOST_AUTO_TEST_CASE(behind_a_product_and_its_activation) {
  check_gradients(input<2, 6, 8> | conv2d<3, 3, padding<1>> | relu | max_pool2d<2> | conv2d<5, 2> |
                  relu | max_pool2d<2, stride<1>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(that_do_not_divide_the_image) {
  check_gradients(input<2, 7, 5> | conv2d<3, 2, padding<1>> | relu | max_pool2d<3> | flatten |
                  linear<3>);
}

BOOST_AUTO_TEST_CASE(that_overlap) {
  check_gradients(input<1, 8, 7> | conv2d<4, 2> | relu | max_pool2d<3, stride<2>> | flatten |
                  linear<3>);
  check_gradients(input<2, 5, 6> | conv2d<3, 2> | max_pool2d<2, stride<1>> | relu | flatten |
                  linear<3>);
}

BOOST_AUTO_TEST_CASE(that_leave_gaps) {
  check_gradients(input<2, 8, 7> | conv2d<3, 2> | max_pool2d<2, stride<3>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(of_windows_that_are_not_square) {
  check_gradients(input<2, 7, 8> | conv2d<3, 2> | relu | max_pool2d<kernel<2, 3>> | flatten |
                  linear<3>);
  check_gradients(input<1, 6, 8> | conv2d<3, 2> | max_pool2d<kernel<3, 2>, stride<2, 1>> | relu |
                  max_pool2d<kernel<1, 2>, stride<2, 3>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(before_the_activation) {
  check_gradients(input<2, 7, 6> | conv2d<5, 3> | max_pool2d<2> | relu | flatten | linear<4>);
}

BOOST_AUTO_TEST_CASE(of_the_input_and_of_each_other) {
  check_gradients(input<2, 9, 8> | max_pool2d<2> | conv2d<3, 2> | max_pool2d<2, stride<1>> |
                  max_pool2d<2, stride<1>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(between_activations_that_no_product_takes) {
  check_gradients(input<2, 7, 6> | conv2d<3, 2> | relu | relu | max_pool2d<3, stride<2>> | relu |
                  flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(whose_pixels_are_the_logits) {
  check_gradients(input<2, 6, 7> | conv2d<3, 2> | relu | max_pool2d<2> | flatten);
  check_gradients(input<2, 6, 7> | conv2d<3, 2> | max_pool2d<2> | relu | max_pool2d<2, stride<1>> |
                  flatten);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
