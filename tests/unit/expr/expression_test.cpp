// SPDX-License-Identifier: MIT
// Expressions as types: what they hold, and what they mean over an ordinary number.
#include "tesela/expr/functions.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/layer/activation.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <type_traits>

namespace {

namespace expr = tesela::expr;
using tesela::reference::evaluate;

constexpr expr::operand<0> x;
constexpr expr::operand<1> y;

// Over double, with x and y.
double value(const auto& e, double a, double b = 0) { return evaluate(e, std::array{a, b}); }

BOOST_AUTO_TEST_SUITE(expressions)

BOOST_AUTO_TEST_CASE(every_operator_means_what_it_says) {
  BOOST_TEST(value(x + y, 3, 4) == 7);
  BOOST_TEST(value(x - y, 3, 4) == -1);
  BOOST_TEST(value(x * y, 3, 4) == 12);
  BOOST_TEST(value(x / y, 3, 4) == 0.75);
  BOOST_TEST(value(-x, 3) == -3);
  BOOST_TEST(value(sqrt(x), 2) == std::sqrt(2.0));
  BOOST_TEST(value(max(x, y), 3, 4) == 4);
  BOOST_TEST(value(max(x, y), 4, 3) == 4);
  BOOST_TEST(value(where(x > 0, y, -y), 1, 5) == 5);
  BOOST_TEST(value(where(x > 0, y, -y), 0, 5) == -5);
  BOOST_TEST(value(where(x > 0, y, -y), -1, 5) == -5);
}

BOOST_AUTO_TEST_CASE(operands_are_told_apart_and_order_is_kept) {
  BOOST_TEST(value(x - y * x / (y - x), 2, 6) == 2 - 6.0 * 2 / (6 - 2));
  BOOST_TEST(value((x - y) - x, 2, 6) == -6);
  BOOST_TEST(value(x - (y - x), 2, 6) == -2);
}

BOOST_AUTO_TEST_CASE(numbers_on_either_side_become_scalars) {
  BOOST_TEST(value(2.0f + x, 3) == 5);
  BOOST_TEST(value(x + 2.0, 3) == 5);
  BOOST_TEST(value(2.0f - x, 3) == -1);
  BOOST_TEST(value(x / 2.0f, 3) == 1.5);
  BOOST_TEST(value(6.0f / x, 3) == 2);
  BOOST_TEST(value(max(x, 0.0f), -3) == 0);
  BOOST_TEST(value(max(0.5f, x), -3) == 0.5);
  BOOST_TEST(value(where(x > 0, 1.0f, 2.0f), 3) == 1);
}

BOOST_AUTO_TEST_CASE(an_expression_outlives_what_it_was_made_of) {
  const auto make = [](float a) {
    const auto inner = x * a;       // both die with this call
    const expr::scalar b(a + 1);
    return (inner + b) / max(inner, b);
  };
  const auto first = make(2), second = make(10);
  BOOST_TEST(value(first, 5) == (10 + 3) / 10.0);
  BOOST_TEST(value(second, 5) == (50 + 11) / 50.0);
}

BOOST_AUTO_TEST_CASE(an_expression_is_a_constant_and_may_be_copied_as_bytes) {
  constexpr auto e = where(x > 0, y, -y);
  static_assert(std::is_trivially_copyable_v<decltype(e)>);
  constexpr double five = evaluate(e, std::array{1.0, 5.0});
  static_assert(five == 5.0);
  BOOST_TEST(five == 5.0);
}

BOOST_AUTO_TEST_CASE(several_results_share_their_operands) {
  const expr::results all(x + y, x - y, max(x, 2.0f) * y);
  static_assert(all.size == 3);
  const auto [sum, difference, product] = evaluate(all, std::array{1.0, 4.0});
  BOOST_TEST(sum == 5);
  BOOST_TEST(difference == -3);
  BOOST_TEST(product == 8);
}

BOOST_AUTO_TEST_CASE(a_nan_on_either_side_of_max_stays) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(std::isnan(value(max(x, 0.0f), nan)));
  BOOST_TEST(std::isnan(value(max(0.0f, x), nan)));
}

BOOST_AUTO_TEST_CASE(relu_and_its_derivative_agree_with_a_complex_step) {
  using complex = std::complex<double>;
  using relu = tesela::layers::relu;
  for (const double at : {-2.0, -1e-300, 0.0, 1e-300, 0.5, 3.0}) {
    const complex stepped = evaluate(relu::value{}, std::array{complex(at, 1e-50)});
    BOOST_TEST(stepped.real() == (at > 0 ? at : 0.0));
    BOOST_TEST(stepped.imag() / 1e-50 == value(relu::gradient{}, stepped.real(), 1.0));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
