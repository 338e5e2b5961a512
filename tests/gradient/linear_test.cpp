// SPDX-License-Identifier: MIT
// Derivatives of networks without images.
#include "oracle.hpp"

namespace {

using gradient::check_gradients;
using tesela::flatten, tesela::input, tesela::linear, tesela::relu;

BOOST_AUTO_TEST_SUITE(linear_gradients)

BOOST_AUTO_TEST_CASE(of_one_layer) {
  check_gradients(input<1> | linear<2>);
  check_gradients(input<7> | linear<3>);
  check_gradients(input<33> | linear<17>);
}

BOOST_AUTO_TEST_CASE(of_a_deep_stack_with_relu) {
  check_gradients(input<5> | linear<8> | relu | linear<13> | relu | linear<6> | relu | linear<4>);
}

BOOST_AUTO_TEST_CASE(of_products_that_follow_each_other) {
  check_gradients(input<6> | linear<9> | linear<7> | linear<3>);
}

BOOST_AUTO_TEST_CASE(with_activations_where_no_product_takes_them) {
  check_gradients(input<6> | relu | linear<9> | relu | relu | linear<3>);
  check_gradients(input<6> | linear<9> | relu | linear<3> | relu | relu);
}

BOOST_AUTO_TEST_CASE(of_the_identity_as_a_layer) {
  check_gradients(input<6> | tesela::identity | linear<9> | tesela::identity | relu |
                  tesela::identity | linear<3> | tesela::identity);
}

BOOST_AUTO_TEST_CASE(of_an_image_that_is_flattened_at_once) {
  check_gradients(input<3, 2, 5> | flatten | linear<8> | relu | linear<5>);
  check_gradients(input<2, 3, 2> | flatten | relu | linear<4>);
  check_gradients(input<2, 3, 2> | relu | flatten | flatten | linear<4>);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
