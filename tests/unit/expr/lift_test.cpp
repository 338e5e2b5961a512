// SPDX-License-Identifier: MIT
// Numbers apart from their expression, and values with a name that are computed once.
#include "tesela/autodiff/derivative.hpp"
#include "tesela/autodiff/gradient.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/optim/adam.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <string>
#include <type_traits>

namespace {

namespace ts = tesela;
namespace expr = tesela::expr;
using expr::once;

constexpr expr::operand<0> x;
constexpr expr::operand<1> y;

// Nodes of all results together: what a loop computes.
template <class Lifted>
struct count_of;
template <class... E, std::size_t N>
struct count_of<expr::lifted_results<ts::meta::list<E...>, N>> {
  static constexpr std::size_t value = expr::program<E...>::nodes::size;
};
template <class... E>
std::size_t nodes_of(const E&... e) {
  return count_of<decltype(expr::lift(expr::results(e...)))>::value;
}

float value_at(const auto& e, float a, float b) {
  float out = 0;
  ts::static_isa::evaluate(expr::results(e), {&a, &b}, {&out}, 1);
  return out;
}

BOOST_AUTO_TEST_SUITE(lifting)

BOOST_AUTO_TEST_CASE(numbers_are_apart_unless_a_name_says_they_are_not) {
  const auto scaled = 2.0f * x;
  const auto named = once<"scaled">(scaled);
  // x, two numbers, two products and their sum; with a name one number and one product.
  BOOST_TEST(nodes_of(scaled + scaled) == 6U);
  BOOST_TEST(nodes_of(named + named) == 4U);
  BOOST_TEST(value_at(named + named, 3, 0) == 12);
}

BOOST_AUTO_TEST_CASE(names_hold_over_several_results_and_within_each_other) {
  const auto inner = once<"inner">(x + 0.5f * y);
  const auto outer = once<"outer">(3.0f * inner + inner * inner);
  BOOST_TEST(nodes_of(outer, inner, outer * 0.25f) == 11U);
  BOOST_TEST(value_at(outer * 0.25f - inner, 1, 2) == (3 * 2 + 4) * 0.25f - 2);
}

BOOST_AUTO_TEST_CASE(without_numbers_a_name_is_not_needed) {
  static_assert(std::is_same_v<decltype(once<"sum">(x + y)), decltype(x + y)>);
}

BOOST_AUTO_TEST_CASE(a_name_for_two_values_is_refused) {
  const auto message_of = [](const auto& e) -> std::string {
    try {
      (void)expr::lift(expr::results(e));
      return "";
    } catch (const ts::usage_error& error) {
      return error.what();
    }
  };
  const std::string refusal =
      "once<\"scaled\"> stands for two different values in one expression: give each its name";
  BOOST_TEST(message_of(once<"scaled">(2.0f * x) + once<"scaled">(3.0f * x)) == refusal);
  BOOST_TEST(message_of(once<"scaled">(2.0f * x) + once<"scaled">(2.0f * y)) == refusal);
  BOOST_TEST(message_of(once<"scaled">(2.0f * x) + once<"scaled">(2.0f * x)) == "");
}

BOOST_AUTO_TEST_CASE(a_name_changes_neither_value_nor_derivative) {
  const auto plain = 0.5f * x * (0.5f * x);
  const auto named = once<"half">(0.5f * x) * once<"half">(0.5f * x);
  BOOST_TEST(ts::reference::evaluate(plain, std::array{3.0}) ==
             ts::reference::evaluate(named, std::array{3.0}));
  ts::variable<"w", 3> w{1, 2, 3};
  const ts::tensor<3> slope = ts::gradient(sum(once<"half">(0.5f * w) * w), w);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(slope[i] == w[i]);
}

// decayed (3), mean (4) and square (5 and its number) once each, then 9 nodes of the change.
BOOST_AUTO_TEST_CASE(adam_computes_its_means_once) {
  constexpr expr::operand<2> m;
  constexpr expr::operand<3> v;
  const auto program = expr::lift(ts::adam{}.rule(2, x, y, m, v));
  BOOST_TEST(count_of<std::remove_cv_t<decltype(program)>>::value == 4U + 3U + 5U + 6U + 9U);
}

BOOST_AUTO_TEST_CASE(tanh_of_softplus_is_recognised_and_differentiates_any_number_of_times) {
  const auto t = expr::tanh(expr::softplus(x));
  static_assert(std::is_same_v<decltype(t), const expr::unary<expr::op::tanh_softplus, expr::operand<0>>>);
  using value = std::remove_const_t<decltype(t)>;
  using first = ts::autodiff::gradient_of<value, expr::operand<0>>;
  using second = ts::autodiff::gradient_of<first, expr::operand<0>>;
  for (const double at : {-30.0, -3.0, -0.25, 0.0, 0.5, 2.0, 12.0}) {
    const auto of = [&](const auto& e, double where) {
      return ts::reference::evaluate(e, std::array{where});
    };
    const double h = 1e-5, up = of(t, at + h), down = of(t, at - h);
    const double slope_up = of(first{}, at + h), slope_down = of(first{}, at - h);
    BOOST_TEST(std::abs(of(first{}, at) - (up - down) / (2 * h)) <= 1e-9);
    BOOST_TEST(std::abs(of(second{}, at) - (slope_up - slope_down) / (2 * h)) <= 1e-9);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
