// SPDX-License-Identifier: MIT
// Derivatives of convolutions: kernels, strides, paddings, channels, images that are not square.
#include "oracle.hpp"

namespace {

using gradient::check_gradients;
using tesela::conv2d, tesela::dilation, tesela::flatten, tesela::input, tesela::kernel,
    tesela::linear, tesela::padding, tesela::relu, tesela::stride;

BOOST_AUTO_TEST_SUITE(convolution_gradients)

BOOST_AUTO_TEST_CASE(of_one_pixel_kernels) {
  check_gradients(input<3, 4, 3> | conv2d<5, 1> | relu | conv2d<2, 1, stride<2>> | flatten |
                  linear<3>);
}

BOOST_AUTO_TEST_CASE(of_kernels_of_two_with_strides) {
  check_gradients(input<2, 7, 6> | conv2d<3, 2, stride<2>> | relu | conv2d<8, 2> | flatten |
                  linear<3>);
}

BOOST_AUTO_TEST_CASE(of_kernels_of_three_with_padding) {
  check_gradients(input<1, 5, 4> | conv2d<5, 3, padding<1>> | relu | conv2d<2, 3, padding<2>> |
                  flatten | linear<4>);
}

BOOST_AUTO_TEST_CASE(of_kernels_of_three_with_stride_and_padding) {
  check_gradients(input<2, 8, 5> | conv2d<3, 3, stride<2>, padding<1>> | relu |
                  conv2d<5, 3, stride<3>, padding<2>> | flatten | linear<4>);
}

BOOST_AUTO_TEST_CASE(of_kernels_of_five_as_large_as_the_padded_image) {
  check_gradients(input<2, 3, 6> | conv2d<3, 5, padding<1>> | relu | conv2d<4, 1> | flatten);
}

BOOST_AUTO_TEST_CASE(of_strides_that_step_over_pixels) {
  check_gradients(input<2, 7, 8> | conv2d<3, 2, stride<3>> | relu | conv2d<4, 1, stride<2>> |
                  flatten | linear<2>);
}

BOOST_AUTO_TEST_CASE(of_strided_convolutions_whose_windows_end_before_the_image) {
  // Input rows behind the last window's first row have their taps skipped on the way back.
  check_gradients(input<1, 6, 8> | conv2d<2, 1> | relu | conv2d<3, 3, stride<2>, padding<1>> | relu |
                  conv2d<2, 2, stride<2>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(of_padding_as_wide_as_the_kernel) {
  // Some windows lie wholly outside the image.
  check_gradients(input<2, 3, 2> | conv2d<3, 2, padding<2>> | relu |
                  conv2d<2, 3, stride<2>, padding<2>> | flatten | linear<2>);
}

BOOST_AUTO_TEST_CASE(of_windows_that_are_not_square) {
  check_gradients(input<2, 5, 7> | conv2d<3, kernel<1, 3>> | relu | conv2d<4, kernel<3, 2>> |
                  flatten | linear<3>);
  check_gradients(input<2, 7, 6> | conv2d<3, kernel<2, 4>, stride<2, 1>, padding<1, 2>> | relu |
                  conv2d<2, kernel<3, 1>, stride<1, 3>, padding<0, 1>> | flatten | linear<3>);
}

BOOST_AUTO_TEST_CASE(of_windows_with_gaps) {
  check_gradients(input<2, 7, 6> | conv2d<3, 2, dilation<2>> | relu |
                  conv2d<5, 3, dilation<2, 1>, padding<1>> | flatten | linear<3>);
  check_gradients(input<1, 6, 8> | conv2d<4, kernel<1, 3>, dilation<1, 3>> | relu |
                  conv2d<3, 2, dilation<3>, padding<1>> | flatten);
}

BOOST_AUTO_TEST_CASE(of_windows_with_gaps_and_strides_with_and_without_a_common_divisor) {
  check_gradients(input<2, 9, 8> | conv2d<2, 1> | relu |
                  conv2d<3, 3, stride<2>, dilation<2>, padding<2>> | flatten | linear<3>);
  check_gradients(input<1, 9, 10> | conv2d<2, 1> | relu |
                  conv2d<3, kernel<3, 2>, stride<3, 4>, dilation<2, 6>, padding<2, 3>> | flatten);
}

BOOST_AUTO_TEST_CASE(of_taps_wider_apart_than_the_image) {
  check_gradients(input<2, 2, 3> | conv2d<3, 1> | relu | conv2d<2, 2, dilation<5>, padding<3>> |
                  relu | flatten | linear<2>);
}

BOOST_AUTO_TEST_CASE(of_seventeen_channels) {
  gradient::checks options;
  options.batches = {1, 5, 33};
  check_gradients(input<17, 3, 4> | conv2d<8, 2> | relu | conv2d<17, 2> | flatten | linear<3>,
                  options);
}

BOOST_AUTO_TEST_CASE(of_one_column_and_one_row) {
  check_gradients(input<2, 9, 1> | conv2d<3, 3, padding<1>> | relu | conv2d<2, 1> | flatten |
                  linear<2>);
  check_gradients(input<2, 1, 9> | conv2d<3, 3, padding<1>> | relu | conv2d<2, 1> | flatten |
                  linear<2>);
}

BOOST_AUTO_TEST_CASE(whose_pixels_are_the_logits) {
  // The loss sees features channels first, the kernels channels last.
  check_gradients(input<2, 5, 4> | conv2d<3, 3> | flatten);
  check_gradients(input<2, 5, 4> | conv2d<3, 3> | relu | flatten);
  check_gradients(input<2, 5, 4> | conv2d<3, 3> | flatten | relu | relu);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
