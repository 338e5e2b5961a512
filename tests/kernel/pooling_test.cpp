// SPDX-License-Identifier: MIT
// Max pooling on every instruction set: ties, NaN, infinities, overlaps, gaps.
#include "geometries.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

const std::vector<pooling>& awkward() {
  static const std::vector<pooling> all{
      pooling_of({1, 1, 1}, 1, 1),
      pooling_of({3, 2, 2}, 2, 2),
      pooling_of({1, 5, 3}, 2, 2),
      pooling_of({7, 5, 3}, 3, 3),
      pooling_of({6, 4, 6}, 2, 1),
      pooling_of({2, 7, 5}, 3, 2),
      pooling_of({13, 6, 4}, 2, 2),
      pooling_of({17, 8, 3}, 1, 2),
      pooling_of({2, 9, 8}, 2, 3),
      pooling_of({1, 16, 15}, 15, 1),
      pooling_of({1, 15, 15}, 15, 15),
      pooling_of({3, 4, 6}, {2, 3}, {2, 3}),
      pooling_of({2, 5, 7}, {2, 3}, {2, 1}),
      pooling_of({7, 6, 4}, {3, 1}, {1, 2}),
      pooling_of({2, 8, 5}, {1, 2}, {3, 2}),
      pooling_of({5, 4, 7}, {4, 2}, {4, 3}),
      pooling_of({1, 2, 230}, {1, 225}, {1, 2}),
  };
  return all;
}

// Few values, so that most windows hold their largest several times; now and then something special.
std::vector<float> values_with_ties(const pooling& g, bool special) {
  std::vector<float> values = integers(g.in.size() * block_lanes, 1, 1);
  const float specials[] = {std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(), -0.0f, 0.0f};
  for (std::size_t i = 0; special && i < values.size(); i += 3) values[i] = specials[i / 3 % 5];
  return values;
}

struct pooled {
  std::vector<float> y;
  std::vector<std::uint8_t> winners;
};
pooled reference_of(const pooling& g, const std::vector<float>& images) {
  pooled result;
  for (std::size_t lane = 0; lane < block_lanes; ++lane) {
    const auto y = reference::max_pool2d<float>(
        g, std::span(images).subspan(lane * g.in.size(), g.in.size()), &result.winners);
    result.y.insert(result.y.end(), y.begin(), y.end());
  }
  return result;
}

BOOST_AUTO_TEST_SUITE(pooling_kernels)

BOOST_AUTO_TEST_CASE(the_first_of_equals_and_any_nan_wins) {
  for (const pooling& g : awkward()) {
    for (const bool special : {false, true}) BOOST_TEST_CONTEXT(g) {
      const std::vector<float> images = values_with_ties(g, special);
      pooled expected = reference_of(g, images);
      expected.y = to_block(g.out, expected.y);
      expected.winners = to_block(g.out, expected.winners);
      const guarded<float> x(to_block(g.in, images));
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        guarded<float> y(expected.y.size()), y_alone(expected.y.size());
        guarded<std::uint8_t> winner(expected.winners.size());
        k.max_pool(g, x.data(), y.data(), winner.data());
        k.max_pool(g, x.data(), y_alone.data(), nullptr);
        check_equal(y.values(), expected.y, "y");
        check_equal(y_alone.values(), expected.y, "y without winners");
        BOOST_TEST(std::equal(expected.winners.begin(), expected.winners.end(), winner.data()),
                   "winners");
        BOOST_TEST((y.intact() && y_alone.intact() && winner.intact()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(gradients_go_to_the_winners_and_add_up) {
  for (const pooling& g : awkward()) BOOST_TEST_CONTEXT(g) {
    const std::vector<float> images = values_with_ties(g, false);
    const pooled forward = reference_of(g, images);
    const std::vector<float> upstream = integers(forward.y.size(), 2, 9);
    std::vector<float> dx(images.size()), dx_behind_relu(images.size());
    for (std::size_t i = 0; i < forward.y.size(); ++i) {
      const std::size_t plane = i / g.out.pixels(), oy = i % g.out.pixels() / g.out.width;
      const std::size_t ox = i % g.out.width, winner = forward.winners[i];
      const std::size_t at = plane * g.in.pixels() +
                             (oy * g.stride.rows + winner / g.kernel.columns) * g.in.width +
                             ox * g.stride.columns + winner % g.kernel.columns;
      dx[at] += upstream[i];
      if (forward.y[i] > 0) dx_behind_relu[at] += upstream[i];
    }
    const guarded<float> y(to_block(g.out, forward.y)), dy(to_block(g.out, upstream));
    const guarded<std::uint8_t> winner(to_block(g.out, forward.winners));
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
      guarded<float> plain(dx.size()), relu(dx.size());
      k.max_pool_gradient(g, dy.data(), winner.data(), plain.data());
      k.max_pool_gradient_relu(g, y.data(), dy.data(), winner.data(), relu.data());
      check_equal(plain.values(), to_block(g.in, dx), "dx");
      check_equal(relu.values(), to_block(g.in, dx_behind_relu), "dx behind relu");
      BOOST_TEST((plain.intact() && relu.intact()));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
