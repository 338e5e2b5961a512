// SPDX-License-Identifier: MIT
// Programs of tensors: values beside the plain oracle, storage, names, aliasing, threads.
#include "tesela/autodiff/check_gradient.hpp"
#include "tesela/autodiff/tensor.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/layer/activation.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

namespace ts = tesela;
namespace expr = tesela::expr;

// Between -1 and 1, another stream for every tensor.
template <class Tensor>
Tensor random_tensor(std::uint32_t stream) {
  const ts::random_stream random{ts::seed{5}, 9, stream};
  Tensor x;
  for (std::size_t i = 0; i < Tensor::size; ++i) {
    x[i] = static_cast<float>(random.below(i, 2001)) / 1000.0f - 1.0f;
  }
  return x;
}

// An expression over double, node by node.
template <class X>
std::vector<double> oracle(const X& expression) {
  using lifted = typename expr::detail::lifted<X, 0>::type;
  ts::detail::bindings<expr::detail::scalar_count<X>> bound;
  bound.begin(0, false);
  expr::detail::collect(expression, bound);
  return ts::reference::evaluate_tensors<double>(
      lifted{},
      [&]<class Node>(Node node) {
        const float* from = bound(node);
        return std::vector<double>(from, from + expr::shape_of<Node>::size);
      },
      [&](std::size_t k) { return static_cast<double>(bound.numbers()[k]); });
}

// The program against the oracle; `tolerance` is relative to the largest result.
template <class X>
void check(const X& expression, double tolerance = 1e-6) {
  using shape = expr::shape_of<X>;
  const std::vector<double> expected = oracle(expression);
  typename ts::detail::tensor_for<shape>::type found = expression;
  BOOST_TEST_REQUIRE(expected.size() == shape::size);
  double largest = 1e-30;
  for (const double e : expected) largest = std::max(largest, std::abs(e));
  for (std::size_t i = 0; i < shape::size; ++i) {
    BOOST_TEST_REQUIRE(std::abs(double{found[i]} - expected[i]) <= tolerance * largest,
                       "element " << i << " of " << shape::name().view() << " is " << found[i]
                                  << " instead of " << expected[i]);
  }
}

std::string message_of(const auto& f) {
  try {
    f();
  } catch (const ts::usage_error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

BOOST_AUTO_TEST_SUITE(tensors)

BOOST_AUTO_TEST_CASE(elementwise_mathematics_broadcasts) {
  const auto a = random_tensor<ts::tensor<4, 3>>(1);
  const auto row = random_tensor<ts::tensor<3>>(2);
  const auto column = random_tensor<ts::tensor<4, 1>>(3);
  const auto stack = random_tensor<ts::tensor<5, 1, 3>>(4);
  check(a + row);
  check(a * column - row);
  check(column * row);
  check(stack + a);
  check(ts::where(a > row, a, column) * 2 + 1);
  check(ts::exp(a) / (1 + ts::abs(row)) - ts::sigmoid(column));
  static_assert(std::is_same_v<expr::shape_of<decltype(stack + a)>, ts::extents<5, 4, 3>>);
  static_assert(std::is_same_v<expr::shape_of<decltype(column * row)>, ts::extents<4, 3>>);
}

BOOST_AUTO_TEST_CASE(reductions_over_all_and_named_axes) {
  const auto a = random_tensor<ts::tensor<4, 5, 37>>(1);
  check(ts::sum(a));
  check(ts::mean(a), 1e-5);
  check(ts::max(a));
  check(ts::min(a));
  check(ts::norm(a));
  check(ts::sum<0>(a));
  check(ts::sum<1>(a));
  check(ts::sum<2>(a));
  check(ts::mean<0, 2>(a), 1e-5);
  check(ts::max<1, 2>(a));
  check(ts::min<0>(a * 2));
  check(ts::norm<2>(a));
  check(ts::l1_norm(a));
  check(ts::l1_norm<0, 1>(a));
  check(ts::max_norm(a - 2));
  check(ts::max_norm<1>(a));
  static_assert(std::is_same_v<expr::shape_of<decltype(ts::sum<1>(a))>, ts::extents<4, 37>>);
  check(ts::sum(a * ts::reshape<4, 1, 37>(ts::sum<1>(a))), 1e-5);
  check(a / ts::sum(ts::square(a)));
  const auto b = random_tensor<ts::tensor<12>>(2);
  check(ts::softmax(b));
  check(ts::log_softmax(b * 50));
}

BOOST_AUTO_TEST_CASE(softmax_of_every_row_or_of_all) {
  ts::variable<"w", 2, 3> w{1, 2, 3, -100, 0, 100};
  const ts::tensor<2, 3> rows = ts::softmax<1>(w), logs = ts::log_softmax<1>(w), all = ts::softmax(w);
  for (std::size_t r = 0; r < 2; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += std::exp(double{w[3 * r + c]} - double{w[3 * r + 2]});
    for (std::size_t c = 0; c < 3; ++c) {
      const double log = double{w[3 * r + c]} - double{w[3 * r + 2]} - std::log(sum);
      BOOST_TEST(std::abs(double{rows[3 * r + c]} - std::exp(log)) <= 1e-6);
      BOOST_TEST(std::abs(double{logs[3 * r + c]} - log) <= 1e-5);
    }
  }
  BOOST_TEST(all[5] == 1.0f);
  ts::variable<"v", 2, 3> v{0.1f, 0.7f, -0.4f, 1.2f, 0.3f, -0.8f};
  BOOST_TEST(ts::check_gradient(ts::sum(ts::softmax<1>(v) * v), v).passed());
  BOOST_TEST(ts::check_gradient(ts::sum(ts::log_softmax<0>(v) * v), v).passed());
}

BOOST_AUTO_TEST_CASE(tensors_are_compared_for_where) {
  const ts::tensor<3> a{1, 2, 3}, b{1, 0, 3};
  const ts::tensor<3> same = ts::where(a == b, 1.0f, 0.0f), other = ts::where(a != b && a > 1, a, b);
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(same[i] == (i == 1 ? 0.0f : 1.0f));
  for (std::size_t i = 0; i < 3; ++i) BOOST_TEST(other[i] == (i == 1 ? 2.0f : b[i]));
}

BOOST_AUTO_TEST_CASE(products_shapes_and_parts) {
  const auto a = random_tensor<ts::tensor<7, 19>>(1);
  const auto b = random_tensor<ts::tensor<19, 11>>(2);
  const auto x = random_tensor<ts::tensor<19>>(3);
  check(ts::matmul(a, b), 1e-5);
  check(ts::matmul(a, x), 1e-5);
  check(ts::matmul(ts::transpose(b), ts::transpose(a)), 1e-5);
  check(ts::matmul(ts::transpose(a), ts::matmul(a, b)) + 1, 1e-5);
  check(ts::transpose(ts::tanh(a)) * 2, 1e-6);
  check(ts::reshape<19, 7>(a) + 1);
  check(ts::slice<ts::extents<2, 5>, ts::extents<3, 9>>(a));
  check(ts::slice<ts::extents<0, 18>, ts::extents<7, 1>>(a * 2) + a);
  check(ts::expand<ts::extents<3, 19>>(x));
  const auto large = random_tensor<ts::tensor<130, 300>>(4);
  const auto other = random_tensor<ts::tensor<300, 70>>(5);
  check(ts::matmul(large, other), 1e-5);
}

BOOST_AUTO_TEST_CASE(long_sums_do_not_lose_accuracy) {
  ts::tensor<300'000> x;
  for (std::size_t i = 0; i < x.size; ++i) x[i] = 0.1f + static_cast<float>(i % 7);
  double exact = 0;
  for (const float v : x.values()) exact += double{v};
  BOOST_TEST(std::abs(double{ts::evaluate(ts::sum(x))} - exact) <= 4e-6 * exact);
}

BOOST_AUTO_TEST_CASE(an_expression_outlives_its_tensors) {
  const auto make = [] {
    const ts::tensor<3> a{1, 2, 3};
    const ts::tensor<3> b{10, 20, 30};
    return a * 2 + b;
  };
  const auto e = make();
  const ts::tensor<3> found = e;
  BOOST_TEST(found[2] == 36);
}

BOOST_AUTO_TEST_CASE(compound_assignment_is_assignment_of_the_operation) {
  ts::tensor<2, 2> x{1, 2, 3, 4};
  const ts::tensor<2> row{10, 20};
  x += row;
  BOOST_TEST((x[0] == 11 && x[1] == 22 && x[2] == 13 && x[3] == 24));
  x -= 1;
  BOOST_TEST((x[0] == 10 && x[1] == 21 && x[2] == 12 && x[3] == 23));
  x *= x;
  BOOST_TEST((x[0] == 100 && x[3] == 529));
  x /= ts::sum(x) * 0 + 2;
  BOOST_TEST((x[0] == 50 && x[2] == 72));
  ts::variable<"w", 2> w{1, 2};
  w -= 0.5f * ts::gradient(ts::sum(w * w), w);
  BOOST_TEST((w[0] == 0 && w[1] == 0));
}

// A tensor and an expression convert to a number only to say why not: braces must not choose that.
BOOST_AUTO_TEST_CASE(braces_take_numbers_rows_tensors_and_expressions) {
  const ts::tensor<2, 3> rows{{1, 2, 3}, {4, 5, 6}};
  const ts::tensor<2, 3> numbers{1, 2, 3, 4, 5, 6};
  const ts::tensor<2, 3> copy{rows};
  const ts::tensor<2, 3> doubled{rows * 2};
  const ts::tensor<3> one_row{{7, 8, 9}};
  const ts::tensor<3> from_sum{sum(rows)};
  for (std::size_t i = 0; i < 6; ++i) {
    BOOST_TEST(rows[i] == static_cast<float>(i + 1));
    BOOST_TEST(numbers[i] == rows[i]);
    BOOST_TEST(copy[i] == rows[i]);
    BOOST_TEST(doubled[i] == 2 * rows[i]);
  }
  BOOST_TEST(one_row[2] == 9.0f);
  BOOST_TEST(from_sum[1] == 21.0f);
  const auto uneven = [] { ts::tensor<2, 3>{{1, 2, 3}, {4, 5}}; };
  const auto turned = [] { ts::tensor<2, 3>{{1, 2}, {3, 4}, {5, 6}}; };
  BOOST_CHECK_THROW(uneven(), ts::usage_error);
  BOOST_CHECK_THROW(turned(), ts::usage_error);
}

// A shape that an expression or another tensor has need not be written.
BOOST_AUTO_TEST_CASE(the_shape_is_deduced_from_an_expression) {
  const ts::tensor<2, 3> a{1, 2, 3, 4, 5, 6};
  const ts::variable<"w", 3> w{1, 0, 2};
  const ts::tensor product = matmul(a, w);
  const ts::tensor braced{a * 2};
  const ts::tensor total = sum(a);
  const ts::tensor copy = w;
  const ts::tensor slope = ts::gradient(sum(w * w), w);
  const ts::tensor cube = reshape<ts::extents<1, 2, 3>>(a);
  const ts::tensor four{reshape<ts::extents<1, 2, 1, 3>>(a)};
  static_assert(std::is_same_v<decltype(product), const ts::tensor<2>>);
  static_assert(std::is_same_v<decltype(braced), const ts::tensor<2, 3>>);
  static_assert(std::is_same_v<decltype(total), const ts::tensor<>>);
  static_assert(std::is_same_v<decltype(copy), const ts::tensor<3>>);
  static_assert(std::is_same_v<decltype(slope), const ts::tensor<3>>);
  static_assert(std::is_same_v<decltype(cube), const ts::tensor<1, 2, 3>>);
  static_assert(std::is_same_v<decltype(four), const ts::tensor<1, 2, 1, 3>>);
  BOOST_TEST(product[1] == 16.0f);
  BOOST_TEST(braced[5] == 12.0f);
  BOOST_TEST(total[0] == 21.0f);
  BOOST_TEST(copy[2] == 2.0f);
  BOOST_TEST(slope[2] == 4.0f);
  BOOST_TEST(cube[4] == 5.0f);
  BOOST_TEST(four[3] == 4.0f);
}

BOOST_AUTO_TEST_CASE(ranges_of_floats_are_copied) {
  const std::vector<float> three{1, 2, 3};
  const std::array<float, 3> others{4, 5, 6};
  ts::tensor<3> x = three;
  BOOST_TEST(x.values() == three, boost::test_tools::per_element());
  x = others;
  BOOST_TEST(x.values() == others, boost::test_tools::per_element());
  x = std::span<const float>(three);
  BOOST_TEST(x.values() == three, boost::test_tools::per_element());
  ts::variable<"w", 3> w(three);
  w = x;
  BOOST_TEST(w.values() == three, boost::test_tools::per_element());
  x = std::vector<float>{7};  // one number fills it
  BOOST_TEST(x.values() == std::vector<float>(3, 7), boost::test_tools::per_element());
  BOOST_CHECK_THROW(x = std::vector<float>(4), ts::usage_error);
  BOOST_CHECK_THROW(ts::tensor<3>{std::vector<float>(2)}, ts::usage_error);
  BOOST_TEST(x.values() == std::vector<float>(3, 7), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(numbers_are_assigned) {
  ts::tensor<3> x;
  x = {1, 2, 3};
  BOOST_TEST(x.values() == std::vector<float>({1, 2, 3}), boost::test_tools::per_element());
  x = 4;
  BOOST_TEST(x.values() == std::vector<float>(3, 4), boost::test_tools::per_element());
  x = {};
  BOOST_TEST(x.values() == std::vector<float>(3), boost::test_tools::per_element());
  BOOST_CHECK_THROW((x = {1, 2}), ts::usage_error);
}

BOOST_AUTO_TEST_CASE(its_numbers_are_a_range) {
  ts::tensor<2, 3> x{{6, 5, 4}, {3, 2, 1}};
  std::ranges::sort(x);
  for (float& number : x) number *= 2;
  const ts::tensor<2, 3>& same = x;
  const std::span<const float> all(same);
  BOOST_TEST(std::vector<float>(all.begin(), all.end()) == (std::vector<float>{2, 4, 6, 8, 10, 12}),
             boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(a_copy_has_numbers_of_its_own) {
  ts::tensor<2> a{1, 2};
  ts::tensor<2> b = a;
  b[0] = 7;
  BOOST_TEST(a[0] == 1);
  a = b;
  b[1] = 9;
  BOOST_TEST(a[0] == 7);
  BOOST_TEST(a[1] == 2);
}

BOOST_AUTO_TEST_CASE(what_is_assigned_may_stand_in_the_expression) {
  ts::tensor<2, 2> q{1, 2, 3, 4};
  q = q + q;
  BOOST_TEST(q[3] == 8);
  q = ts::transpose(q);
  BOOST_TEST(q[1] == 6);
  q = ts::matmul(q, q);
  BOOST_TEST(q[0] == 2 * 2 + 6 * 4);
  q = q / ts::sum(q);
  BOOST_TEST(std::abs(ts::evaluate(ts::sum(q)) - 1) < 1e-6);
}

BOOST_AUTO_TEST_CASE(results_share_one_run) {
  const auto x = random_tensor<ts::variable<"x", 50>>(1);
  const auto loss = ts::sum(ts::log1p(ts::exp(x)) * ts::tanh(x));
  using loss_type = expr::detail::lifted<std::remove_cv_t<decltype(loss)>, 0>::type;
  using gradient = ts::autodiff::gradient_of<loss_type, expr::variable<"x", ts::extents<50>>>;
  // The loss and its gradient: one loop, one pass over x.
  static_assert(expr::tensor_plan<1, loss_type, gradient>::loop_count == 1);
  // exp, log1p, tanh and the operations around them: nothing twice.
  static_assert(expr::program<loss_type, gradient>::nodes::size <= 16);
  const auto [value, slope] = ts::evaluate(loss, ts::gradient(loss, x));
  BOOST_TEST(std::abs(double{value} - oracle(loss)[0]) <= 1e-5);
  BOOST_TEST(slope.size == 50u);
}

BOOST_AUTO_TEST_CASE(the_bytes_do_not_depend_on_threads) {
  using loss = decltype(ts::sum(ts::square(expr::array<0, ts::extents<500'003>>{})));
  using gradient = ts::autodiff::gradient_of<loss, expr::array<0, ts::extents<500'003>>>;
  using plan = expr::tensor_plan<1, loss, gradient>;
  const auto x = random_tensor<ts::tensor<500'003>>(1);
  std::vector<float> first;
  for (const std::size_t threads : {1u, 2u, 3u, 7u}) {
    std::vector<float> sum(1), slope(x.size), room(plan::plan.floats + 1);
    float* const into[] = {sum.data(), slope.data()};
    ts::static_isa::run_tensors<plan>([&](auto) { return x.data(); }, nullptr, room.data(), into,
                                      threads);
    slope.push_back(sum[0]);
    if (threads == 1) first = slope;
    BOOST_TEST((slope == first), threads << " threads change the result");
  }
}

BOOST_AUTO_TEST_CASE(mistakes_at_run_time_are_told) {
  BOOST_TEST(message_of([] { ts::tensor<2, 3>{1, 2}; }) ==
             "tensor: expected 6 numbers (2x3) or one, but got 2");
  const ts::variable<"w", 2> one{1, 2}, other{3, 4};
  BOOST_TEST(message_of([&] { ts::evaluate(one * other); }) ==
             "evaluate: two different variables are called w: one name, one variable");
  const auto square_of = [](const auto& v, float factor) { return ts::sum(factor * ts::square(v)); };
  const auto a = ts::gradient(square_of(one, 1), one), b = ts::gradient(square_of(one, 2), one);
  BOOST_TEST(message_of([&] { ts::evaluate(a, b); }).starts_with("evaluate: two results"));
  BOOST_TEST(ts::evaluate(b)[1] == 8);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tensor_gradients)

// Value and every gradient, by every variable.
void check_gradients(const auto& loss, const auto&... by) {
  const ts::gradient_report report = ts::check_gradient(loss, by...);
  BOOST_TEST(report.passed(), "by " << report.variable << ", element " << report.element << ": "
                                    << report.found << " instead of " << report.expected);
}

BOOST_AUTO_TEST_CASE(of_elementwise_losses_with_broadcasting) {
  const auto w = random_tensor<ts::variable<"w", 4, 3>>(1);
  const auto b = random_tensor<ts::variable<"b", 3>>(2);
  const auto c = random_tensor<ts::variable<"c", 4, 1>>(3);
  check_gradients(ts::sum(w * b + c), w, b, c);
  check_gradients(ts::mean(ts::square(ts::tanh(w + b) * c)), w, b, c);
  check_gradients(ts::sum(c), c);
  check_gradients(ts::sum(w + b), b);
  check_gradients(ts::sum(b * ts::reshape<4, 3>(w) / (2 + c)), w, b, c);
  check_gradients(ts::sum(ts::where(w > 0.1f, w * w, ts::exp(b)) + ts::max(w, c)), w, b, c);
}

BOOST_AUTO_TEST_CASE(of_reductions) {
  const auto w = random_tensor<ts::variable<"w", 4, 5>>(1);
  check_gradients(ts::norm(w), w);
  check_gradients(ts::l1_norm(w) + ts::max_norm(w) + ts::sum(ts::square(ts::max_norm<0>(w))), w);
  check_gradients(ts::max(w) + ts::min(w), w);
  check_gradients(ts::sum(ts::square(ts::sum<0>(w))), w);
  check_gradients(ts::sum(ts::square(ts::mean<1>(w)) * 3), w);
  check_gradients(ts::sum(ts::square(ts::max<1>(w))), w);
  check_gradients(ts::sum(ts::square(ts::softmax(w))), w);
  check_gradients(-ts::sum(ts::log_softmax(w) * 0.1f), w);
}

BOOST_AUTO_TEST_CASE(of_products_shapes_and_parts) {
  const auto w = random_tensor<ts::variable<"w", 4, 6>>(1);
  const auto x = random_tensor<ts::variable<"x", 6, 5>>(2);
  const auto v = random_tensor<ts::variable<"v", 6>>(3);
  check_gradients(ts::sum(ts::matmul(w, x)), w, x);
  check_gradients(ts::mean(ts::square(ts::tanh(ts::matmul(w, x)) - 0.5f)), w, x);
  check_gradients(ts::sum(ts::square(ts::matmul(w, v))), w, v);
  check_gradients(ts::sum(ts::square(ts::matmul(ts::transpose(x), ts::transpose(w)))), w, x);
  check_gradients(ts::sum(ts::square(ts::slice<ts::extents<1, 2>, ts::extents<2, 3>>(w))), w);
  check_gradients(ts::sum(ts::square(ts::reshape<6, 4>(w)) * ts::transpose(w)), w);
  check_gradients(ts::sum(ts::square(ts::expand<ts::extents<3, 6>>(v)) * 2), v);
}

BOOST_AUTO_TEST_CASE(again) {
  const auto w = random_tensor<ts::variable<"w", 3, 4>>(1);
  const auto x = random_tensor<ts::tensor<4>>(2);
  const auto loss = ts::sum(ts::square(ts::tanh(ts::matmul(w, x))));
  // The second derivative of the first: differences of the derived program against the derived twice.
  const auto slope = ts::gradient(loss, w);
  const ts::tensor<3, 4> second = ts::gradient(ts::sum(slope * slope), w);
  for (std::size_t i = 0; i < w.size; ++i) {
    auto up = w, down = w;
    up[i] += 1e-2f;
    down[i] -= 1e-2f;
    const auto at = [&](const auto& v) {
      return ts::evaluate(ts::sum(ts::square(
          ts::gradient(ts::sum(ts::square(ts::tanh(ts::matmul(v, x)))), v))));
    };
    BOOST_TEST(std::abs((at(up) - at(down)) / 2e-2f - second[i]) <= 2e-3);
  }
}

BOOST_AUTO_TEST_CASE(along_a_direction_agree_with_the_gradient) {
  const auto w = random_tensor<ts::variable<"w", 3, 4>>(1);
  const auto x = random_tensor<ts::tensor<4, 5>>(2);
  const auto direction = random_tensor<ts::tensor<3, 4>>(3);
  const auto y = ts::tanh(ts::matmul(w, x));
  const auto loss = ts::sum(ts::square(y) / (2 + ts::max(y))) + ts::norm(ts::sum<0>(ts::transpose(w)));
  const ts::tensor<3, 4> slope = ts::gradient(loss, w);
  double expected = 0;
  for (std::size_t i = 0; i < w.size; ++i) expected += double{slope[i]} * double{direction[i]};
  const float found = ts::evaluate(ts::derivative_along(loss, w, direction));
  BOOST_TEST(std::abs(double{found} - expected) <= 1e-5);
  // Of a tensor: every element's derivative, in one pass.
  const ts::tensor<3, 5> change = ts::derivative_along(y, w, direction);
  const ts::tensor<3, 5> by_hand = (1 - ts::square(y)) * ts::matmul(direction, x);
  for (std::size_t i = 0; i < change.size; ++i) BOOST_TEST(std::abs(change[i] - by_hand[i]) <= 1e-6);
}

BOOST_AUTO_TEST_CASE(of_the_lectures_tanh_demonstration) {
  // 200 points from -2 to 2, summed: the gradient is 1 - tanh^2 at each of them.
  ts::variable<"x", 200> x;
  for (std::size_t i = 0; i < x.size; ++i) x[i] = -2 + 4 * static_cast<float>(i) / 199;
  const ts::tensor<200> slope = ts::gradient(ts::sum(ts::tanh(x)), x);
  for (std::size_t i = 0; i < x.size; ++i) {
    const double t = std::tanh(double{x[i]});
    BOOST_TEST(std::abs(double{slope[i]} - (1 - t * t)) <= 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(are_checked_for_a_user_and_a_wrong_one_is_found) {
  const ts::variable<"w", 3> w{1, 2, 3};
  BOOST_TEST(ts::check_gradient(ts::sum(ts::square(w)), w).passed());
  // stop_gradient hides half of the derivative.
  const ts::gradient_report wrong = ts::check_gradient(ts::sum(w * ts::stop_gradient(w)), w);
  BOOST_TEST(!wrong.passed());
  BOOST_TEST(!wrong);
  BOOST_TEST(static_cast<bool>(ts::check_gradient(ts::sum(ts::square(w)), w)));
  BOOST_TEST(wrong.variable == "w");
  BOOST_TEST(wrong.element == 2u);
  BOOST_TEST(std::abs(wrong.found - 3) < 1e-6);
  BOOST_TEST(std::abs(wrong.expected - 6) < 1e-6);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
