// SPDX-License-Identifier: MIT
// What fmt and streams print of networks, models, results and tensors.
#include "tesela/train/print.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"

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

BOOST_AUTO_TEST_SUITE_END()
