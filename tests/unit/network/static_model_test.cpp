// SPDX-License-Identifier: MIT
// Networks whose memory is in the object: the bytes of model::forward, in the room the plan
// promises.
#include "tesela/network/model.hpp"
#include "tesela/network/static_model.hpp"

#include "networks.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

namespace {

namespace ts = tesela;

// Tensor after tensor, as they stand in a file.
std::vector<float> values_of(const std::vector<ts::named_tensor>& state) {
  std::vector<float> all;
  for (const ts::named_tensor& tensor : state) {
    all.insert(all.end(), tensor.values.begin(), tensor.values.end());
  }
  return all;
}

bool same_bytes(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

template <auto Net>
void check_bytes() {
  using network = std::remove_cv_t<decltype(Net)>;
  static constinit ts::static_model model{Net};
  static constinit ts::static_workspace room{Net};
  static_assert(sizeof model + sizeof room <
                ts::memory_plan<Net, ts::inference, ts::batch<1>>.bytes + 2 * ts::alignment_bytes);
  BOOST_TEST_CONTEXT("a network of " << Net.parameter_count << " parameters") {
    const ts::model twin{Net, ts::init::he_normal, ts::seed{5}};
    const std::vector<float> weights = values_of(twin.state_dict());
    BOOST_TEST_REQUIRE(weights.size() == Net.parameter_count);
    model.load_weights(std::span(weights).template first<Net.parameter_count>());
    ts::workspace twins_room{Net, 1};
    const ts::random_stream random{ts::seed{6}};
    std::array<float, network::input.size> sample;
    for (std::size_t round = 0; round < 3; ++round) {
      for (std::size_t i = 0; i < sample.size(); ++i)
        sample[i] = random.normal(round * sample.size() + i);
      BOOST_TEST(same_bytes(model.forward(sample, room), twin.forward(sample, twins_room)));
      // What lay in the workspace does not matter.
      std::fill_n(room.single(), ts::single_plan<ts::stages_of<network>>::floats,
                  std::numeric_limits<float>::quiet_NaN());
    }
  }
}

// The exclusive or, computed by hand: h = relu(x + y), relu(x + y - 1); z = h0 - 2 h1.
inline constexpr auto exclusive_or = ts::input<2> | ts::linear<2> | ts::relu | ts::linear<1>;
constexpr float by_hand[exclusive_or.parameter_count] = {1, 1, 1, 1, 0, -1, 1, -2, 0};

BOOST_AUTO_TEST_SUITE(static_models)

BOOST_AUTO_TEST_CASE(give_the_bytes_of_a_model_for_one_sample) {
  check_bytes<networks::m07>();
  check_bytes<networks::small_cnn>();
  check_bytes<networks::small_mlp>();
  check_bytes<networks::m10>();  // an image as the result
  check_bytes<ts::input<2, 8, 7> | ts::relu | ts::conv2d<5, 3, ts::stride<2>, ts::padding<1>> |
              ts::max_pool2d<2> | ts::relu | ts::flatten>();
}

BOOST_AUTO_TEST_CASE(may_be_constants_of_the_program) {
  static constexpr ts::static_model model{exclusive_or, by_hand};
  ts::static_workspace room{exclusive_or};
  for (const float x : {0.0f, 1.0f}) {
    for (const float y : {0.0f, 1.0f}) {
      const float sample[] = {x, y};
      BOOST_TEST(model.forward(sample, room)[0] == (x == y ? 0.0f : 1.0f));
    }
  }
}

BOOST_AUTO_TEST_CASE(know_all_sizes_when_they_are_compiled) {
  static constinit ts::static_model model{exclusive_or};
  ts::static_workspace room{exclusive_or};
  static_assert(decltype(model.forward(std::array<float, 2>{}, room))::extent == 1);
  BOOST_TEST(model.forward(std::array{3.0f, 4.0f}, room)[0] ==
             0.0f);  // its weights are still zeros
  model.load_weights(by_hand);
  BOOST_TEST(model.forward(std::array{1.0f, 0.0f}, room)[0] == 1.0f);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
