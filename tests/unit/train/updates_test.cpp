// SPDX-License-Identifier: MIT
// What happens to parameters beside the optimiser's rule: penalties, clipping, noise; and
// optimisers of a user's own.
#include "networks.hpp"
#include "samples.hpp"
#include "unit/data/message_of.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/noisy_sgd.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/rprop.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace ts = tesela;

namespace {

// 128 inputs: rows of weights have a gap behind them.
constexpr auto net = ts::input<128> | ts::linear<20> | ts::relu | ts::linear<3>;
using net_type = std::remove_cvref_t<decltype(net)>;
using model_type = ts::model<net_type>;

ts::data::dataset set() { return samples::noise({128, 1, 1}, 3, 50); }

// Weights and biases that are all different from 0.
model_type made() {
  model_type model{net, ts::init::he_normal, ts::seed{3}};
  auto state = model.state_dict();
  for (std::size_t t = 1; t < state.size(); t += 2) {
    for (std::size_t i = 0; i < state[t].values.size(); ++i) {
      state[t].values[i] = 0.1f * static_cast<float>(i % 5) - 0.25f;
    }
  }
  model.load_state_dict(state);
  return model;
}

// All parameters after some steps.
template <class Rule, class... Terms>
std::vector<float> stepped(std::size_t steps, std::size_t threads, Rule rule, Terms... terms) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, rule, terms...};
  trainer.use_threads(threads);
  const ts::data::dataset samples = set();
  for (std::size_t s = 0; s < steps; ++s) trainer.step(samples.source(), samples.indices());
  return {model.parameters().begin(), model.parameters().end()};
}

std::vector<ts::named_tensor> as_state(const std::vector<float>& parameters) {
  return ts::state_dict_of<net_type>(parameters);
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// What one step of descent with rate 1 and the terms adds to one without them, against f(w) of the
// parameter before.
template <class F, class... Terms>
void check_addition(bool biases, const F& f, Terms... terms) {
  const auto before = made().state_dict();
  const auto plain = as_state(stepped(1, 1, ts::sgd{.learning_rate = 1}));
  const auto with = as_state(stepped(1, 1, ts::sgd{.learning_rate = 1}, terms...));
  for (std::size_t t = 0; t < before.size(); ++t) {
    const bool is_bias = before[t].name.ends_with(".bias");
    for (std::size_t i = 0; i < before[t].values.size(); ++i) {
      const double w{before[t].values[i]};
      const double expected = is_bias && !biases ? 0 : f(w);
      const double found = double{with[t].values[i]} - double{plain[t].values[i]};
      BOOST_TEST_REQUIRE(std::abs(found - expected) <= 4e-7, before[t].name << '[' << i << ']');
    }
  }
}

double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

}  // namespace

BOOST_AUTO_TEST_SUITE(updates)

BOOST_AUTO_TEST_CASE(penalties_cover_weights_and_biases_where_one_says_so) {
  using namespace ts::penalty;
  const auto by_l2 = [](double w) { return -2 * 0.25 * w; };
  check_addition(false, by_l2, l2{0.25f});
  check_addition(true, by_l2, with_biases(l2{0.25f}));
  check_addition(
      false, [](double w) { return -0.25 * w; }, half_l2{0.25f});
  check_addition(
      false, [](double w) { return -0.25 * w; }, weight_decay{0.25f});
  check_addition(
      false, [](double w) { return -0.25 * w; }, decoupled_weight_decay{0.25f});
  check_addition(
      true, [](double w) { return -0.25 * w; }, with_biases(decoupled_weight_decay{0.25f}));
  check_addition(
      false, [](double w) { return -0.25 * sign(w); }, l1{0.25f});
  check_addition(
      false, [](double w) { return -0.25 * sign(w) - 0.5 * w; },
      elastic_net{.l1 = 0.25f, .l2 = 0.25f});
  // One of each kind: each where it belongs.
  const auto before = made().state_dict();
  const auto both =
      as_state(stepped(1, 1, ts::sgd{.learning_rate = 1}, l2{0.25f}, with_biases(half_l2{0.125f})));
  const auto plain = as_state(stepped(1, 1, ts::sgd{.learning_rate = 1}));
  for (std::size_t t = 0; t < before.size(); ++t) {
    const float factor = before[t].name.ends_with(".bias") ? 0.125f : 0.625f;
    BOOST_TEST(std::abs(both[t].values[1] - plain[t].values[1] + factor * before[t].values[1]) <=
               4e-7f);
  }
}

BOOST_AUTO_TEST_CASE(a_penalty_of_zero_leaves_no_trace) {
  using namespace ts::penalty;
  const auto plain = stepped(20, 2, ts::adam{.learning_rate = 0.02f});
  const auto with = [&](auto... terms) {
    return stepped(20, 2, ts::adam{.learning_rate = 0.02f}, terms...);
  };
  BOOST_TEST(same_bytes(plain, with(l2{0})));
  BOOST_TEST(same_bytes(plain, with(half_l2{0}, l1{0})));
  BOOST_TEST(same_bytes(plain, with(weight_decay{0}, elastic_net{})));
  BOOST_TEST(same_bytes(plain, with(with_biases(l2{0}))));
  BOOST_TEST(same_bytes(plain, with(l1_proximal{0})));
  BOOST_TEST(same_bytes(plain, with(decoupled_weight_decay{0}, lq{})));
  BOOST_TEST(!same_bytes(plain, with(l2{1e-4f})));
}

BOOST_AUTO_TEST_CASE(a_huge_penalty_drives_weights_to_zero) {
  // lambda 1e6, with a rate that it allows: 2 lambda rate is 1.
  const auto state =
      as_state(stepped(30, 1, ts::sgd{.learning_rate = 5e-7f}, ts::penalty::l2{.lambda = 1e6f}));
  for (const ts::named_tensor& tensor : state) {
    if (tensor.name.ends_with(".bias")) continue;
    for (const float w : tensor.values) BOOST_TEST_REQUIRE(std::abs(w) < 1e-5f);
  }
}

BOOST_AUTO_TEST_CASE(proximal_l1_reaches_exact_zeros_and_the_subgradient_does_not) {
  const auto zeros = [](const std::vector<float>& parameters) {
    const auto state = as_state(parameters);
    std::size_t count = 0;
    for (const float w : state[0].values) count += w == 0 ? 1 : 0;
    return count;
  };
  const ts::sgd descent{.learning_rate = 0.1f};
  BOOST_TEST(zeros(stepped(300, 2, descent, ts::penalty::l1_proximal{.lambda = 0.01f})) > 1500u);
  BOOST_TEST(zeros(stepped(300, 2, descent, ts::penalty::l1{.lambda = 0.01f})) < 20u);
}

BOOST_AUTO_TEST_CASE(the_penalty_that_is_reported_is_the_sum_by_hand) {
  model_type model = made();
  const auto expected = [&](bool biases, auto f) {
    double sum = 0;
    for (const ts::named_tensor& tensor : model.state_dict()) {
      if (tensor.name.ends_with(".bias") && !biases) continue;
      for (const float w : tensor.values) sum += f(double{w});
    }
    return sum;
  };
  const auto penalty_of = [&](auto... terms) {
    ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}, terms...};
    trainer.use_threads(1);
    const double alone = trainer.penalty();
    trainer.use_threads(3);
    BOOST_TEST(trainer.penalty() == alone);
    return alone;
  };
  const auto tolerance = boost::test_tools::tolerance(1e-6);
  using namespace ts::penalty;
  const auto squares = [](double w) { return w * w; };
  BOOST_TEST(penalty_of(l2{0.5f}) == 0.5 * expected(false, squares), tolerance);
  BOOST_TEST(penalty_of(half_l2{0.5f}) == 0.25 * expected(false, squares), tolerance);
  BOOST_TEST(penalty_of(weight_decay{0.5f}) == 0.25 * expected(false, squares), tolerance);
  BOOST_TEST(penalty_of(with_biases(l2{0.5f})) == 0.5 * expected(true, squares), tolerance);
  const auto size = [](double w) { return std::abs(w); };
  BOOST_TEST(penalty_of(l1{0.5f}) == 0.5 * expected(false, size), tolerance);
  BOOST_TEST(penalty_of(l1_proximal{0.5f}) == 0.5 * expected(false, size), tolerance);
  BOOST_TEST(penalty_of(l1{0.5f}, half_l2{0.5f}, ts::clip_norm{}) ==
                 expected(false, [](double w) { return 0.5 * std::abs(w) + 0.25 * w * w; }),
             tolerance);
  const auto lq_of = [](double w) { return 0.25 * std::pow(std::abs(w), 3.0); };
  BOOST_TEST(penalty_of(lq{.lambda = 0.5f, .q = 3}) == expected(false, lq_of), tolerance);
  BOOST_TEST(penalty_of() == 0);
  BOOST_TEST(penalty_of(decoupled_weight_decay{1}) == 0);
}

BOOST_AUTO_TEST_CASE(a_clipped_gradient_has_the_norm_of_the_limit_and_its_direction) {
  const auto before = made().state_dict();
  model_type model = made();
  ts::trainer asked{model, ts::cross_entropy, ts::sgd{}};
  asked.differentiate(set().source(), set().indices());
  const auto gradients = asked.gradients();
  double squares = 0;
  for (const auto& tensor : gradients) {
    for (const float g : tensor.values) squares += double{g} * double{g};
  }
  const double norm = std::sqrt(squares);
  BOOST_TEST_REQUIRE(norm > 0.1);
  for (const double part : {0.5, 0.01, 2.0}) {
    const auto limit = static_cast<float>(part * norm);
    const double scale = std::min(1.0, double{limit} / (norm + 1e-6));
    const auto after =
        as_state(stepped(1, 2, ts::sgd{.learning_rate = 1}, ts::clip_norm{.limit = limit}));
    for (std::size_t t = 0; t < before.size(); ++t) {
      for (std::size_t i = 0; i < before[t].values.size(); ++i) {
        const double expected =
            double{before[t].values[i]} - scale * double{gradients[t].values[i]};
        BOOST_TEST_REQUIRE(std::abs(double{after[t].values[i]} - expected) <= 2e-7);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(clipping_by_value_bounds_every_component) {
  const auto before = made().state_dict();
  const auto after =
      as_state(stepped(1, 1, ts::sgd{.learning_rate = 1}, ts::clip_value{.limit = 1e-3f}));
  std::size_t at_limit = 0;
  for (std::size_t t = 0; t < before.size(); ++t) {
    for (std::size_t i = 0; i < before[t].values.size(); ++i) {
      const float change = std::abs(after[t].values[i] - before[t].values[i]);
      BOOST_TEST_REQUIRE(change <= 1.001e-3f);
      at_limit += change > 0.999e-3f ? 1 : 0;
    }
  }
  BOOST_TEST(at_limit > 100u);
}

BOOST_AUTO_TEST_CASE(clipping_and_noise_have_the_same_bytes_for_any_number_of_threads) {
  const auto check = [](auto rule, auto... terms) {
    const auto alone = stepped(5, 1, rule, terms...);
    for (const std::size_t threads : {2u, 3u, 7u}) {
      BOOST_TEST(same_bytes(alone, stepped(5, threads, rule, terms...)), threads << " threads");
    }
    BOOST_TEST(!same_bytes(alone, stepped(4, 1, rule, terms...)));
  };
  check(ts::noisy_sgd{.learning_rate = 0.01f});
  check(ts::adam{}, ts::clip_norm{0.1f});
  check(ts::noisy_sgd{.learning_rate = 0.01f}, ts::clip_norm{0.1f}, ts::penalty::l1{1e-3f});
}

// With a rate of 1, what descent adds beyond the gradient is the noise.
BOOST_AUTO_TEST_CASE(noise_is_normal_of_the_step_and_seed_and_leaves_gaps_alone) {
  const auto noise_of = [](std::size_t steps, float sigma, std::uint64_t seed) {
    const ts::noisy_sgd rule{.learning_rate = 1, .sigma = sigma, .seed = ts::seed{seed}};
    const auto noisy = stepped(steps, 2, rule), plain = stepped(steps, 2, ts::sgd{1});
    std::vector<double> noise(noisy.size());
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = double{plain[i]} - double{noisy[i]};
    return noise;
  };
  const auto first = noise_of(1, 1, 5);
  double sum = 0, squares = 0;
  std::size_t count = 0;
  for (const double n : first) {
    if (n == 0) continue;
    ++count;
    sum += n;
    squares += n * n;
  }
  const std::size_t parameters = 128 * 20 + 20 + 20 * 3 + 3;
  BOOST_TEST(count == parameters);  // gaps have none, and everything else has
  BOOST_TEST(std::abs(sum / static_cast<double>(count)) < 0.08);  // four sigma
  BOOST_TEST(std::abs(squares / static_cast<double>(count) - 1) < 0.11);
  // It is the stream's, element by element.
  const ts::random_stream stream = ts::noisy_sgd{.seed = ts::seed{5}}.noise(1);
  BOOST_TEST(std::abs(first[7] - double{stream.normal(7)}) < 1e-6);
  BOOST_TEST(std::abs(first[1010] - double{stream.normal(1010)}) < 1e-6);
  // Another seed and another step are other noise; sigma scales it, sigma 0 is plain descent.
  BOOST_TEST(std::abs(noise_of(1, 1, 6)[7] - first[7]) > 1e-3);
  BOOST_TEST(ts::noisy_sgd{}.noise(2).normal(7) != ts::noisy_sgd{}.noise(1).normal(7));
  BOOST_TEST(std::abs(noise_of(1, 0.5f, 5)[7] - 0.5 * first[7]) < 1e-6);
  for (const double n : noise_of(3, 0, 5)) BOOST_TEST_REQUIRE(std::abs(n) < 1e-6);
}

BOOST_AUTO_TEST_CASE(a_gradient_without_a_norm_stops_training_and_leaves_everything_as_it_was) {
  model_type model = made();
  const std::vector<float> before(model.parameters().begin(), model.parameters().end());
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}, ts::penalty::l2{3e38f},
                      ts::clip_norm{}};
  const std::string message =
      message_of<ts::training_error>([&] { trainer.step(set().source(), set().indices()); });
  BOOST_TEST(message.starts_with("step 1: the norm of the gradient is not finite"), message);
  BOOST_TEST(std::vector<float>(model.parameters().begin(), model.parameters().end()) == before);
  BOOST_TEST(trainer.steps() == 0u);
}

BOOST_AUTO_TEST_CASE(settings_of_penalties_and_clipping_out_of_range_are_refused) {
  model_type model = made();
  const auto refusal = [&](auto term) {
    return message_of<ts::usage_error>(
        [&] { ts::trainer(model, ts::cross_entropy, ts::sgd{}, term); });
  };
  using namespace ts::penalty;
  BOOST_TEST(refusal(l2{-1}) == "l2: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(half_l2{NAN}) == "half_l2: lambda must be 0 or a positive number, not nan");
  BOOST_TEST(refusal(weight_decay{INFINITY}) ==
             "weight_decay: alpha must be 0 or a positive number, not inf");
  BOOST_TEST(refusal(l1{-1}) == "l1: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(l1_proximal{-1}) ==
             "l1_proximal: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(elastic_net{.l1 = -1}) ==
             "elastic_net: l1 must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(elastic_net{.l2 = -1}) ==
             "elastic_net: l2 must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(lq{.lambda = -1}) == "lq: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(lq{.q = 0.5f}) == "lq: q must be a number of at least 1, not 0.5");
  BOOST_TEST(refusal(with_biases(l2{-1})) == "l2: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(decoupled_weight_decay{-1}) ==
             "decoupled_weight_decay: lambda must be 0 or a positive number, not -1");
  BOOST_TEST(refusal(ts::clip_value{0}) == "clip_value: limit must be a positive number, not 0");
  BOOST_TEST(refusal(ts::clip_norm{NAN}) == "clip_norm: limit must be a positive number, not nan");
}

namespace {

// Whole optimisers and a penalty, as a user would write them.
struct sign_descent {
  float learning_rate = 1e-2f;
  static constexpr std::size_t slots = 0;
  auto rule(std::uint64_t, auto g, auto w) const {
    return ts::results(w - learning_rate * sign(g));
  }
};
struct log_penalty {
  float lambda = 1e-2f;
  auto value(auto w) const { return lambda * ts::expr::log1p(square(w)); }
};
struct counting {  // remembers its steps, from 100 on
  static constexpr std::size_t slots = 1;
  std::array<float, 1> initial_state() const { return {100}; }
  auto rule(std::uint64_t, auto g, auto w, auto n) const { return ts::results(w - 0 * g, n + 1); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_optimiser_of_five_lines_and_a_schedule_of_one_train_a_network) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, sign_descent{}, log_penalty{.lambda = 1e-3f}};
  const ts::data::dataset samples = samples::separable({2, 4, 3}, 3, 120);
  trainer.fit(samples, {.epochs = 30, .batch = 30, .schedule = [](const auto& at) {
                          return at.rate / (1 + 0.1 * at.epoch);
                        }});
  BOOST_TEST(trainer.evaluate(samples).accuracy > 0.95);
}

BOOST_AUTO_TEST_CASE(a_penalty_of_a_users_own_has_its_derivative) {
  check_addition(
      false, [](double w) { return -0.125 * 2 * w / (1 + w * w); }, log_penalty{0.125f});
}

BOOST_AUTO_TEST_CASE(slots_begin_as_the_optimiser_says) {
  model_type model = made();
  ts::trainer trainer{model, ts::cross_entropy, counting{}};
  for (const float n : trainer.optimizer_slot(0)) BOOST_TEST_REQUIRE(n == 100);
  for (int i = 0; i < 3; ++i) trainer.step(set().source(), set().indices());
  for (const auto& tensor : ts::state_dict_of<net_type>(trainer.optimizer_slot(0))) {
    for (const float n : tensor.values) BOOST_TEST_REQUIRE(n == 103);
  }
}

BOOST_AUTO_TEST_CASE(rprop_on_the_whole_set_learns_it) {
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::rprop{}};
  const ts::data::dataset samples = samples::separable({2, 4, 3}, 3, 120);
  trainer.fit(samples, {.epochs = 40, .batch = 120});
  BOOST_TEST(trainer.evaluate(samples).accuracy == 1.0);
}

BOOST_AUTO_TEST_SUITE_END()
