// SPDX-License-Identifier: MIT
// What fmt and streams print of networks, models, results and tensors.
#include "tesela/train/print.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/explain.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/loss.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <sstream>
#include <string>

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace {

namespace ts = tesela;

template <class T>
void check(const T& value, const std::string& expected) {
  BOOST_TEST(fmt::format("{}", value) == expected);
  std::ostringstream stream;
  stream << value;
  BOOST_TEST(stream.str() == expected);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(print)

BOOST_AUTO_TEST_CASE(networks_and_models_as_they_are_written) {
  constexpr auto net = ts::input<1, 2, 2> | ts::flatten | ts::linear<2>;
  check(net, "input<1,2,2> | flatten | linear<2>");
  check(ts::model{net}, "input<1,2,2> | flatten | linear<2>");
}

BOOST_AUTO_TEST_CASE(what_forward_returns) {
  constexpr auto net = ts::input<2> | ts::linear<2>;
  const ts::model model{net};
  ts::workspace room{net, 2};
  const float samples[] = {1, 2, 3, 4};
  check(model.forward(samples, room), "[0, 0, 0, 0]");
  BOOST_TEST(fmt::format("{:.1f}", model.forward(samples, room)) == "[0.0, 0.0, 0.0, 0.0]");
}

BOOST_AUTO_TEST_CASE(results_of_training) {
  check(ts::metrics{.loss = 0.42125, .accuracy = 0.851, .samples = 10}, "loss 0.4213, accuracy 85.10 %");
  check(ts::metrics{.loss = 0.5, .samples = 10}, "loss 0.5000");
  check(ts::metrics{}, "no samples");
  ts::epoch_report report{.epoch = 3, .epochs = 10, .train = {.loss = 0.5, .accuracy = 0.75, .samples = 8}, .validation = {}};
  check(report, "epoch 3 of 10: loss 0.5000, accuracy 75.00 %");
  report.validation = {.loss = 0.625, .accuracy = 0.5, .samples = 4};
  check(report,
        "epoch 3 of 10: loss 0.5000, accuracy 75.00 %, validation loss 0.6250, accuracy 50.00 %");
}

BOOST_AUTO_TEST_CASE(tensors_axis_by_axis) {
  const ts::tensor<2, 3> x{1, 2.5f, 3, 4, 5, 1.0f / 3};
  check(x, "[[1, 2.5, 3], [4, 5, 0.33333334]]");
  BOOST_TEST(fmt::format("{:.2f}", x) == "[[1.00, 2.50, 3.00], [4.00, 5.00, 0.33]]");
  BOOST_TEST(fmt::format("{:5}", ts::tensor<2>{1, 2}) == "[    1,     2]");
  check(ts::variable<"w", 2, 2, 1>{1, 2, 3, 4}, "[[[1], [2]], [[3], [4]]]");
  check(ts::tensor<1>{std::numeric_limits<float>::infinity()}, "[inf]");
  BOOST_CHECK_THROW((void)fmt::format(fmt::runtime("{:s}"), x), fmt::format_error);
}

BOOST_AUTO_TEST_CASE(expressions_by_their_value) {
  const ts::tensor<2, 2> a{1, 2, 3, 4}, b{0, 1, 1, 0};
  check(matmul(a, b), "[[2, 1], [4, 3]]");
  check(sum(a), "10");
  check(ts::reshape<1, 1, 2, 1, 2>(a), "[[[[[1, 2]], [[3, 4]]]]]");  // more axes than `tensor x = a` deduces
  BOOST_TEST(fmt::format("{:.1f} and {:.2f}", matmul(a, b), mean(a)) == "[[2.0, 1.0], [4.0, 3.0]] and 2.50");
  // No formal argument has a value.
  static_assert(ts::HasText<decltype(a + b)> && !ts::HasText<decltype(a < b)>);
  static_assert(!ts::HasText<ts::expr::operand<0>> && !ts::HasText<ts::detail::sample_outputs<2>>);
}

BOOST_AUTO_TEST_CASE(the_stages_of_a_network) {
  constexpr auto net = ts::input<4> | ts::linear<8> | ts::linear<3>;
  check(ts::explain(net), ts::explain(net).text());
}

BOOST_AUTO_TEST_SUITE_END()
