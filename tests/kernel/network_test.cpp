// SPDX-License-Identifier: MIT
// A whole network on every instruction set: forward as the reference, gradients alike.
#include "guarded.hpp"
#include "targets.hpp"
#include "whole_network.hpp"

#include "tesela/network/model.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

BOOST_AUTO_TEST_SUITE(networks_on_every_target)

BOOST_AUTO_TEST_CASE(give_the_references_logits_and_each_others_gradients) {
  using network_type = std::remove_cvref_t<decltype(whole_network)>;
  constexpr std::size_t samples = 37;
  // Few-bit fractions: the way forward is exact, so no branch hangs on rounding.
  std::vector<named_tensor> state = model{whole_network}.state_dict();
  for (std::size_t t = 0; t < state.size(); ++t) {
    state[t].values = integers(state[t].values.size(), static_cast<std::uint32_t>(30 + t), 2);
    for (float& v : state[t].values) v /= 8;
  }
  std::vector<float> input = integers(samples * network_type::input.size, 40, 4);
  for (float& v : input) v /= 4;

  const auto weights = reference::parameters_of<double>(state);
  std::vector<float> logits;
  double loss = 0;
  for (std::size_t i = 0; i < samples; ++i) {
    const auto first = input.begin() + static_cast<std::ptrdiff_t>(i * network_type::input.size);
    const auto z = reference::forward<network_type>(
        weights, std::vector<double>(first, first + static_cast<std::ptrdiff_t>(network_type::input.size)));
    logits.insert(logits.end(), z.begin(), z.end());
    loss += reference::cross_entropy<double>(z, i % network_type::output.size);
  }
  const auto of = [&](const kernels& k) { return k.run_network(state, input); };
  const network_result narrow = of(every_target().back());
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    const network_result found = of(k);
    check_equal(found.logits, logits, "logits");
    check_equal(found.alone, std::span(logits).first(network_type::output.size), "logits of one sample");
    BOOST_TEST(std::abs(found.loss - loss) <= 0x1p-20 * loss);
    BOOST_TEST_REQUIRE(found.gradients.size() == narrow.gradients.size());
    for (std::size_t t = 0; t < found.gradients.size(); ++t) BOOST_TEST_CONTEXT(found.gradients[t].name) {
      const std::vector<float>& expected = narrow.gradients[t].values;
      double largest = 0;
      for (const float v : expected) largest = std::max(largest, std::abs(double{v}));
      BOOST_TEST(largest > 0);
      // Two orders of sums of up to 37 * 63 terms through four products: sqrt(n) units each, twice.
      const std::vector<double> bounds(expected.size(), 8 * std::sqrt(37.0 * 63) * 0x1p-24 * largest);
      check_close(found.gradients[t].values, std::vector<double>(expected.begin(), expected.end()),
                  bounds, "gradient");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
