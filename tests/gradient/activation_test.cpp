// SPDX-License-Identifier: MIT
// Activations: every derivative is derived by the compiler, and compared with dual numbers here.
#include "oracle.hpp"

#include "tesela/network/explain.hpp"

#include <array>
#include <cmath>

namespace {

namespace ts = tesela;
namespace expr = tesela::expr;
using gradient::check_gradients, gradient::checks, gradient::dual;
using ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu,
    ts::sigmoid, ts::softplus, ts::stride, ts::tanh;

// No activation of the library has all of these.
inline constexpr auto swish = ts::activation<"mine">([](auto x) { return x * ts::sigmoid(x); });
inline constexpr auto bent = ts::activation<"bent">([](auto x) {
  return ts::where(x > 0.5f, ts::log1p(ts::abs(x)), 0.25f * ts::expm1(x)) - ts::erf(x) * ts::cos(x);
});

// value and gradient as the kernels get them, over double, against the derivative of a dual number.
template <class Activation>
void check_formula(const Activation&) {
  for (const double x : {-25.0, -5.0, -3.0, -1.25, -1.0, -0.5, -0.125, 0.0, 0.3, 0.5, 0.75, 1.0, 2.0, 3.0,
                         6.0, 9.0, 21.0}) {
    const dual y = ts::reference::evaluate(typename Activation::program::value{},
                                           std::array{dual::variable(x, 0)});
    const double known = Activation::program::from_value ? y.real() : x;
    const double found = ts::reference::evaluate(typename Activation::program::gradient{},
                                                 std::array{known, 3.0});
    // A formula's constants are floats, such as 2 / sqrt(pi).
    BOOST_TEST(std::abs(found - 3 * y.derivative(0)) <= 1e-7 * (1 + std::abs(found)),
               Activation::name().view() << " at " << x << ": " << found << " instead of "
                                         << 3 * y.derivative(0));
  }
}

BOOST_AUTO_TEST_SUITE(activation_gradients)

BOOST_AUTO_TEST_CASE(are_the_derivatives_of_their_formulas) {
  check_formula(ts::identity);
  check_formula(relu);
  check_formula(tanh);
  check_formula(sigmoid);
  check_formula(softplus);
  check_formula(ts::sin);
  check_formula(ts::relu6);
  check_formula(ts::leaky_relu);
  check_formula(ts::elu_with<0.5>);
  check_formula(ts::celu_with<2>);
  check_formula(ts::selu);
  check_formula(ts::gelu);
  check_formula(ts::gelu_tanh);
  check_formula(ts::silu);
  check_formula(ts::mish);
  check_formula(ts::hard_sigmoid);
  check_formula(ts::hard_tanh_with<-2, 0.5>);
  check_formula(ts::hard_swish);
  check_formula(ts::softplus_with<2>);
  check_formula(ts::softsign);
  check_formula(ts::log_sigmoid);
  check_formula(ts::tanhshrink);
  check_formula(ts::softshrink);
  check_formula(ts::hardshrink);
  check_formula(swish);
  check_formula(bent);
}

BOOST_AUTO_TEST_CASE(go_back_from_the_value_where_that_is_possible) {
  static_assert(ts::layers::relu::from_value && ts::layers::identity::from_value);
  static_assert(std::remove_cvref_t<decltype(tanh)>::program::from_value);
  static_assert(std::remove_cvref_t<decltype(sigmoid)>::program::from_value);
  static_assert(!std::remove_cvref_t<decltype(swish)>::program::from_value);
}

BOOST_AUTO_TEST_CASE(in_whole_networks) {
  checks options;
  options.batches = {1, 31, 33};
  options.exact_forward = false;
  options.tolerance = 4;  // each value is rounded where the reference has none
  check_gradients(input<7> | linear<9> | tanh | linear<8> | sigmoid | linear<6> | swish | linear<5> |
                      softplus | linear<4> | bent | linear<3>,
                  options);
  // Alone at the beginning and the end, twice in a row, before and behind poolings and convolutions.
  check_gradients(input<2, 8, 7> | swish | conv2d<4, 3> | swish | max_pool2d<2, stride<1>> | bent |
                      bent | conv2d<3, 2, padding<1>> | tanh | max_pool2d<2> | swish | flatten |
                      linear<5> | swish | swish,
                  options);
}

BOOST_AUTO_TEST_CASE(of_the_library_in_whole_networks) {
  checks options;
  options.batches = {33};
  options.exact_forward = false;
  options.tolerance = 4;
  check_gradients(input<5> | linear<8> | ts::gelu | linear<8> | ts::mish | linear<8> | ts::gelu_tanh |
                      linear<8> | ts::sin | linear<8> | ts::softsign | linear<3>,
                  options);
  check_gradients(input<1, 6, 6> | conv2d<3, 3> | ts::elu | conv2d<4, 2> | ts::selu | max_pool2d<2> |
                      ts::log_sigmoid | flatten | linear<5> | ts::celu_with<2> | linear<5> |
                      ts::tanhshrink | linear<3>,
                  options);
}

BOOST_AUTO_TEST_CASE(behind_winograds_algorithm) {
  checks options;
  options.batches = {1, 2};
  options.exact_forward = false;
  options.tolerance = 4;
  constexpr auto net = input<2, 4, 4> | conv2d<32, 1> | swish | conv2d<32, 3, padding<1>> | swish |
                       conv2d<32, 3, padding<1>> | swish | flatten | linear<3>;
  static_assert(tesela::explain(net).stages[1].winograd && tesela::explain(net).stages[2].winograd);
  check_gradients(net, options);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
