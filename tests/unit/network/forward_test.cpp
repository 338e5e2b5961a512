// SPDX-License-Identifier: MIT
// Models forward: equal to the reference for any number of samples, and shared by threads.
#include "tesela/kernel/reference.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/summary.hpp"

#include "networks.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace ts = tesela;

constexpr std::size_t most = 70;

// Few-bit fractions, whose sums and products are exact, so the order of summation cannot show.
float fraction(const ts::random_stream& random, std::size_t i) {
  return 0.25f * (static_cast<float>(random.below(i, 9)) - 4);
}
template <class Net>
ts::model<Net> exact_model(Net net) {
  ts::model<Net> model{net};
  auto state = model.state_dict();
  for (std::size_t t = 0; t < state.size(); ++t) {
    const ts::random_stream random{ts::seed{1}, static_cast<std::uint32_t>(t)};
    for (std::size_t i = 0; i < state[t].values.size(); ++i) {
      state[t].values[i] = 0.25f * fraction(random, i);
    }
  }
  model.load_state_dict(state);
  return model;
}
template <class Net>
std::vector<float> exact_samples(Net) {
  std::vector<float> samples(most * Net::input.size);
  const ts::random_stream random{ts::seed{2}};
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = fraction(random, i);
  return samples;
}

template <class Net>
void check_every_batch(Net net) {
  BOOST_TEST_CONTEXT(ts::text_of(net)) {
    const ts::model<Net> model = exact_model(net);
    const std::vector<float> samples = exact_samples(net);
    const auto weights = ts::reference::parameters_of<double>(model.state_dict());
    std::vector<float> expected;
    for (std::size_t i = 0; i < most; ++i) {
      const auto first = samples.begin() + static_cast<std::ptrdiff_t>(i * Net::input.size);
      const auto y = ts::reference::forward<Net>(
          weights, std::vector<double>(first, first + static_cast<std::ptrdiff_t>(Net::input.size)));
      expected.insert(expected.end(), y.begin(), y.end());
    }
    ts::workspace<Net> room{most};
    for (std::size_t count = 1; count <= most; ++count) {
      // The last ones, so that a sample stands at every place of a block.
      const auto found = model.forward(
          std::span(samples).last(count * Net::input.size), room);
      const auto wanted = std::span(expected).last(count * Net::output.size);
      BOOST_TEST_REQUIRE(found.size() == wanted.size());
      BOOST_TEST(std::equal(found.begin(), found.end(), wanted.begin()), "batch of " << count);
    }
  }
}

// Not exact at all: rounding shows every change of order.
const auto& real_model() {
  static const ts::model model{networks::small_cnn, ts::init::he_normal, ts::seed{3}};
  return model;
}
using small = std::remove_cvref_t<decltype(networks::small_cnn)>;
std::vector<float> real_samples() {
  std::vector<float> samples(most * small::input.size);
  const ts::random_stream random{ts::seed{4}};
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = random.normal(i);
  return samples;
}
bool same_bytes(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

std::string refusal(std::size_t floats, ts::workspace<small>& room) {
  const std::vector<float> samples(floats);
  try {
    real_model().forward(samples, room);
  } catch (const ts::usage_error& error) {
    return error.what();
  }
  return "accepted";
}

BOOST_AUTO_TEST_SUITE(forward)

BOOST_AUTO_TEST_CASE(any_number_of_samples_gives_the_references_results) {
  using ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu, ts::stride;
  check_every_batch(networks::small_cnn);
  check_every_batch(networks::small_mlp);
  check_every_batch(input<3> | linear<1>);
  check_every_batch(input<2, 5, 4> | max_pool2d<2, stride<1>> | relu | flatten);
  check_every_batch(input<2, 8, 7> | relu | conv2d<5, 3, stride<2>, padding<1>> | max_pool2d<2> | relu |
                    flatten);
  check_every_batch(input<1, 4, 19> | conv2d<3, 2> | conv2d<33, 1> | relu | flatten | linear<2>);
}

BOOST_AUTO_TEST_CASE(an_image_may_be_the_result_channels_first) {
  check_every_batch(ts::input<2, 5, 4> | ts::conv2d<3, 2>);
  check_every_batch(ts::input<2, 5, 4> | ts::conv2d<3, 2> | ts::relu | ts::max_pool2d<2>);
}

BOOST_AUTO_TEST_CASE(a_sample_has_the_same_bytes_in_every_batch_of_two_or_more) {
  const std::vector<float> samples = real_samples();
  ts::workspace room{networks::small_cnn, most};
  const auto all = real_model().forward(samples, room);
  const std::vector<float> together(all.begin(), all.end());
  for (std::size_t first = 0; first + 2 <= most; first += 3) {
    const auto pair = real_model().forward(
        std::span(samples).subspan(first * small::input.size, 2 * small::input.size), room);
    BOOST_TEST(same_bytes(pair, std::span(together).subspan(first * small::output.size,
                                                            2 * small::output.size)));
  }
}

BOOST_AUTO_TEST_CASE(what_lay_in_the_workspace_does_not_matter) {
  const std::vector<float> samples = real_samples();
  for (const std::size_t count : {std::size_t{1}, std::size_t{33}}) {
    const auto some = std::span(samples).first(count * small::input.size);
    ts::workspace room{networks::small_cnn, 33};
    const auto first = real_model().forward(some, room);
    const std::vector<float> expected(first.begin(), first.end());
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::fill_n(room.block(0), 2 * room.block_floats, nan);
    std::fill_n(room.single(), room.single_floats, nan);
    BOOST_TEST(same_bytes(real_model().forward(some, room), expected));
  }
}

BOOST_AUTO_TEST_CASE(threads_with_workspaces_of_their_own_share_a_model) {
  const std::vector<float> samples = real_samples();
  ts::workspace room{networks::small_cnn, most};
  const auto alone = real_model().forward(samples, room);
  const std::vector<float> expected(alone.begin(), alone.end());
  constexpr std::size_t threads = 4, rounds = 20;
  std::vector<int> right(threads, 0);
  std::vector<std::thread> running;
  for (std::size_t t = 0; t < threads; ++t) {
    running.emplace_back([&, t] {
      ts::workspace mine{networks::small_cnn, most};
      for (std::size_t r = 0; r < rounds; ++r) {
        right[t] += same_bytes(real_model().forward(samples, mine), expected) ? 1 : 0;
      }
    });
  }
  for (std::thread& one : running) one.join();
  for (const int count : right) BOOST_TEST(count == static_cast<int>(rounds));
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_are_refused_with_what_would) {
  ts::workspace room{networks::small_cnn, 3};  // 2x11x9 = 198 floats a sample
  BOOST_TEST(refusal(199, room) ==
             "forward: expected up to 3 samples of 198 floats, but got 199 floats");
  BOOST_TEST(refusal(4 * 198, room) ==
             "forward: expected up to 3 samples of 198 floats, but got 792 floats");
  BOOST_TEST(refusal(1, room) == "forward: expected up to 3 samples of 198 floats, but got 1 floats");
  BOOST_TEST(refusal(3 * 198, room) == "accepted");
  ts::workspace one{networks::small_cnn, 1};
  BOOST_TEST(refusal(2 * 198, one) ==
             "forward: expected up to 1 samples of 198 floats, but got 396 floats");
  BOOST_TEST(refusal(198, one) == "accepted");
}

BOOST_AUTO_TEST_CASE(no_samples_give_no_results) {
  ts::workspace room{networks::small_cnn, 3};
  BOOST_TEST(real_model().forward({}, room).empty());
}

BOOST_AUTO_TEST_CASE(a_workspace_for_nobody_is_refused) {
  BOOST_CHECK_EXCEPTION((ts::workspace{networks::small_cnn, 0}), ts::usage_error,
                        [](const ts::usage_error& error) {
                          return std::string(error.what()) ==
                                 "workspace: room for 0 samples is no room, ask for 1 or more";
                        });
}

BOOST_AUTO_TEST_CASE(results_are_kept_as_a_vector) {
  constexpr auto net = ts::input<2> | ts::linear<2>;
  ts::model model{net};
  auto state = model.state_dict();
  state["0.weight"].values = {1, 0, 0, 2};
  model.load_state_dict(state);
  ts::workspace room{net, 2};
  const float first[] = {1, 2}, second[] = {5, 6, 7, 8};
  std::vector<float> kept = model.forward(first, room);
  const std::vector<float> both(model.forward(second, room));
  BOOST_TEST(kept == std::vector<float>({1, 4}), boost::test_tools::per_element());
  BOOST_TEST(both == std::vector<float>({5, 12, 7, 16}), boost::test_tools::per_element());
  kept = model.forward(second, room);
  BOOST_TEST(kept == both, boost::test_tools::per_element());
  const std::span<const float> view = model.forward(first, room);
  BOOST_TEST(view[1] == 4);
  BOOST_TEST(*std::ranges::max_element(model.forward(second, room)) == 16);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
