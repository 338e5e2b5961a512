// SPDX-License-Identifier: MIT
// Weights as PyTorch knows them: names, shapes, order; what does not fit is refused and changes nothing.
#include "tesela/network/model.hpp"
#include "tesela/network/state_dict.hpp"

#include "networks.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace ts = tesela;

constexpr auto net = ts::input<2, 6, 5> | ts::conv2d<3, 3> | ts::relu | ts::max_pool2d<2> |
                     ts::flatten | ts::linear<4> | ts::relu | ts::linear<5>;
using net_type = std::remove_const_t<decltype(net)>;

std::vector<float> bytes_of(const ts::model<net_type>& model) {
  return {model.parameters().begin(), model.parameters().end()};
}

// The message of a refused load; the model must be as before.
std::string refusal(const std::vector<ts::named_tensor>& tensors) {
  ts::model model{net, ts::init::he_normal, ts::seed{1}};
  const std::vector<float> before = bytes_of(model);
  std::string words = "accepted";
  try {
    model.load_state_dict(tensors);
  } catch (const ts::io_error& error) {
    words = error.what();
  }
  BOOST_TEST((bytes_of(model) == before), "a refused state changed the model");
  return words;
}

std::vector<ts::named_tensor> good() {
  return ts::model{net, ts::init::he_normal, ts::seed{2}}.state_dict();
}

BOOST_AUTO_TEST_SUITE(state_dicts)

BOOST_AUTO_TEST_CASE(names_shapes_and_order_are_pytorchs) {
  const std::vector<std::pair<std::string, std::vector<std::size_t>>> expected{
      {"0.weight", {3, 2, 3, 3}}, {"0.bias", {3}}, {"4.weight", {4, 6}},
      {"4.bias", {4}},            {"6.weight", {5, 4}}, {"6.bias", {5}}};
  const auto state = ts::model{net}.state_dict();
  BOOST_TEST_REQUIRE(state.size() == expected.size());
  std::size_t parameters = 0;
  for (std::size_t i = 0; i < state.size(); ++i) {
    BOOST_TEST(state[i].name == expected[i].first);
    BOOST_TEST(state[i].shape == expected[i].second, boost::test_tools::per_element());
    std::size_t size = 1;
    for (const std::size_t extent : state[i].shape) size *= extent;
    BOOST_TEST(state[i].values.size() == size);
    parameters += size;
  }
  BOOST_TEST(parameters == net.parameter_count);
}

BOOST_AUTO_TEST_CASE(tensors_are_found_by_their_names) {
  ts::model model{net, ts::init::he_normal, ts::seed{2}};
  ts::named_tensors state = model.state_dict();
  BOOST_TEST(state["4.weight"].shape == (std::vector<std::size_t>{4, 6}), boost::test_tools::per_element());
  state["0.bias"].values[2] = 7;
  model.load_state_dict(state);
  const auto after = model.state_dict();
  BOOST_TEST(after["0.bias"].values[2] == 7);
  BOOST_TEST(&after["0.bias"] == &after[1]);
  BOOST_CHECK_EXCEPTION(static_cast<void>(after["1.weight"]), ts::usage_error, [](const auto& error) {
    return std::string(error.what()) == "state: no tensor is called '1.weight', there are 0.weight, 0.bias, "
                                        "4.weight, 4.bias, 6.weight, 6.bias";
  });
}

// Every element gets a number of its own, so an element lost or moved shows.
template <class Net>
void check_round_trip(Net other) {
  ts::model<Net> first{other}, second{other};
  auto state = first.state_dict();
  float number = 1;
  for (ts::named_tensor& tensor : state) {
    for (float& value : tensor.values) value = number++;
  }
  // The order of the tensors does not matter.
  auto shuffled = state;
  std::reverse(shuffled.begin(), shuffled.end());
  first.load_state_dict(shuffled);
  second.load_state_dict(first.state_dict());
  const auto back = second.state_dict();
  BOOST_TEST_REQUIRE(back.size() == state.size());
  for (std::size_t t = 0; t < state.size(); ++t) {
    BOOST_TEST(back[t].name == state[t].name);
    BOOST_TEST((back[t].shape == state[t].shape && back[t].values == state[t].values));
  }
  BOOST_TEST(std::equal(first.parameters().begin(), first.parameters().end(),
                        second.parameters().begin()));
  // Every number has one place; what lies between tensors and rows is zero.
  std::vector<int> seen(static_cast<std::size_t>(number), 0);
  for (const float value : first.parameters()) ++seen.at(static_cast<std::size_t>(value));
  BOOST_TEST(std::all_of(seen.begin() + 1, seen.end(), [](int times) { return times == 1; }));
}

BOOST_AUTO_TEST_CASE(every_element_survives_the_way_in_and_out) {
  check_round_trip(net);
  check_round_trip(networks::small_cnn);
  check_round_trip(networks::small_mlp);
  check_round_trip(ts::input<128> | ts::linear<3>);  // rows with a gap behind them
  check_round_trip(ts::input<1, 2, 2> | ts::conv2d<1, 2> | ts::flatten);
}

BOOST_AUTO_TEST_CASE(a_missing_tensor_is_named) {
  auto state = good();
  state.erase(state.begin() + 2);
  BOOST_TEST(refusal(state) == "tensor 4.weight (4x6) is missing");
  BOOST_TEST(refusal({}) == "tensor 0.weight (3x2x3x3) is missing");
}

BOOST_AUTO_TEST_CASE(a_tensor_given_twice_is_named) {
  auto state = good();
  state.push_back(state[1]);
  BOOST_TEST(refusal(state) == "tensor 0.bias is given twice");
}

BOOST_AUTO_TEST_CASE(a_wrong_shape_is_told_beside_the_right_one) {
  auto state = good();
  state[2].shape = {6, 4};
  BOOST_TEST(refusal(state) == "tensor 4.weight should be 4x6, but is 6x4");
  state[2].shape = {24};
  BOOST_TEST(refusal(state) == "tensor 4.weight should be 4x6, but is 24");
  state[2].shape = {};
  BOOST_TEST(refusal(state) == "tensor 4.weight should be 4x6, but is scalar");
  state[2].shape = {4, 6, 1};
  BOOST_TEST(refusal(state) == "tensor 4.weight should be 4x6, but is 4x6x1");
}

BOOST_AUTO_TEST_CASE(values_that_do_not_fill_the_shape_are_counted) {
  for (const int change : {-1, 1}) {
    auto state = good();
    state[5].values.resize(static_cast<std::size_t>(5 + change));
    BOOST_TEST(refusal(state) == "tensor 6.bias should have 5 values, but has " +
                                     std::to_string(5 + change));
  }
}

BOOST_AUTO_TEST_CASE(a_tensor_of_no_layer_is_named) {
  auto state = good();
  state.insert(state.begin() + 3, {"7.weight", {1}, {0.0f}});
  BOOST_TEST(refusal(state) == "tensor 7.weight belongs to no layer of the network");
}

BOOST_AUTO_TEST_CASE(the_last_tensor_is_checked_before_the_first_is_loaded) {
  auto state = good();
  state.back().values.clear();
  BOOST_TEST(refusal(state) == "tensor 6.bias should have 5 values, but has 0");
}

BOOST_AUTO_TEST_CASE(a_seed_means_the_same_weights_in_pytorchs_order) {
  // Behind a flatten too, where the layout inside is another.
  const auto state = ts::model{net, ts::init::he_normal, ts::seed{5}}.state_dict();
  const std::size_t layers[] = {0, 4, 6}, fans[] = {18, 6, 4};
  for (std::size_t l = 0; l < 3; ++l) {
    const ts::random_stream random{ts::seed{5}, ts::purpose::weights,
                                   static_cast<std::uint32_t>(layers[l])};
    const std::vector<float>& weight = state[2 * l].values;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      BOOST_TEST_REQUIRE(weight[i] ==
                         random.normal(i) * std::sqrt(2.0f / static_cast<float>(fans[l])));
    }
    for (const float bias : state[2 * l + 1].values) BOOST_TEST(bias == 0.0f);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
