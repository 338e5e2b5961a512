// SPDX-License-Identifier: MIT
// Winograd's convolution against the direct one: the same network twice, the same weights, the same
// batch; losses and every gradient must agree within the documented error.
#include "tesela/data/dataset.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/explain.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/workspace.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace {

namespace ts = tesela;

// The largest difference of a tensor, relative to its largest element.
double relative_error(const ts::named_tensor& a, const ts::named_tensor& b) {
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    worst = std::max(worst, std::abs(double{a.values[i]} - double{b.values[i]}));
    largest = std::max(largest, std::abs(double{b.values[i]}));
  }
  return worst / largest;
}

std::vector<float> normals(std::size_t count) {
  std::vector<float> values(count);
  const ts::random_stream random{ts::seed{11}};
  for (std::size_t i = 0; i < count; ++i) values[i] = random.normal(i);
  return values;
}

ts::data::dataset noise(std::size_t samples, std::array<std::size_t, 3> extents) {
  const std::vector<float> values = normals(samples * extents[0] * extents[1] * extents[2]);
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) labels[i] = static_cast<std::int32_t>(i % 10);
  return ts::data::dataset::from_floats(extents, std::vector<std::string>(10, "class"), values,
                                        labels);
}

template <class Fast, class Direct>
void compare(Fast fast, Direct direct, std::size_t samples, double tolerance) {
  constexpr auto by_winograd = [](const auto& stages) {
    return std::any_of(stages.begin(), stages.end(), [](const auto& s) { return s.winograd; });
  };
  static_assert(by_winograd(ts::explain(Fast{}).stages), "nothing here is Winograd's");
  static_assert(!by_winograd(ts::explain(Direct{}).stages));

  ts::model one{fast, ts::init::he_normal, ts::seed{3}};
  ts::model other{direct, ts::init::he_normal, ts::seed{3}};
  ts::trainer fast_trainer{one, ts::cross_entropy, ts::sgd{}};
  ts::trainer direct_trainer{other, ts::cross_entropy, ts::sgd{}};
  const auto batch =
      noise(samples, {Fast::input[0], Fast::input[1], Fast::input[2]});
  const double fast_loss = fast_trainer.differentiate(batch.source(), batch.indices()).loss;
  const double direct_loss = direct_trainer.differentiate(batch.source(), batch.indices()).loss;
  BOOST_TEST(std::abs(fast_loss - direct_loss) <= tolerance * direct_loss);
  const auto a = fast_trainer.gradients(), b = direct_trainer.gradients();
  BOOST_REQUIRE(a.size() == b.size());
  for (std::size_t t = 0; t < a.size(); ++t) {
    BOOST_TEST_CONTEXT(a[t].name) { BOOST_TEST(relative_error(a[t], b[t]) <= tolerance); }
  }

  // Inference: a batch by Winograd's algorithm, and one sample alone, which never is.
  const std::vector<float> inputs = normals(samples * Fast::input.size);
  ts::workspace<Fast> fast_room{samples};
  ts::workspace<Direct> direct_room{samples};
  const auto found = one.forward(inputs, fast_room), expected = other.forward(inputs, direct_room);
  const float largest = *std::max_element(expected.begin(), expected.end());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    BOOST_TEST_REQUIRE(std::abs(found[i] - expected[i]) <= tolerance * static_cast<double>(largest));
  }
  const std::span first(inputs.data(), Fast::input.size);
  const std::vector<float> alone(expected.begin(), expected.begin() + 10);
  const auto again = other.forward(first, direct_room);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    BOOST_TEST(std::abs(again[i] - alone[i]) <= tolerance * static_cast<double>(largest));
  }
}

using ts::conv2d;
using ts::flatten;
using ts::linear;
using ts::max_pool2d;
using ts::padding;
using ts::relu;

BOOST_AUTO_TEST_SUITE(winograd)

BOOST_AUTO_TEST_CASE(a_stack_with_padding_and_pooling_agrees_with_the_direct_algorithm) {
  compare(ts::input<3, 16, 16> | conv2d<32, 3, padding<1>> | relu | conv2d<40, 3, padding<1>> |
              relu | max_pool2d<2> | conv2d<48, 3, padding<1>> | relu | flatten | linear<10>,
          ts::input<3, 16, 16> | conv2d<32, 3, padding<1>> | relu |
              conv2d<40, 3, padding<1>, ts::direct> | relu | max_pool2d<2> |
              conv2d<48, 3, padding<1>, ts::direct> | relu | flatten | linear<10>,
          37, 2e-5);
}

BOOST_AUTO_TEST_CASE(tiles_across_the_edge_and_no_padding_agree_too) {
  compare(ts::input<33, 13, 9> | conv2d<35, 3> | relu | conv2d<37, 3, padding<2>> | flatten |
              linear<10>,
          ts::input<33, 13, 9> | conv2d<35, 3, ts::direct> | relu |
              conv2d<37, 3, padding<2>, ts::direct> | flatten | linear<10>,
          5, 2e-5);
}

BOOST_AUTO_TEST_CASE(the_first_layer_may_be_winograds) {
  compare(ts::input<32, 8, 8> | conv2d<32, 3, padding<1>> | max_pool2d<3, ts::stride<2>> | relu |
              flatten | linear<10>,
          ts::input<32, 8, 8> | conv2d<32, 3, padding<1>, ts::direct> |
              max_pool2d<3, ts::stride<2>> | relu | flatten | linear<10>,
          64, 2e-5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
