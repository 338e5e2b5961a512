// SPDX-License-Identifier: MIT
// Optimisers, penalties and clipping against PyTorch, step by step: 50 steps of the problem that
// tests/recorded/record_optim.py describes, in float by the SIMD loop and in double by the oracle.
#include "recorded/recorded.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/optim/adagrad.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/nadam.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/rmsprop.hpp"
#include "tesela/optim/rprop.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/optim/update.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ts = tesela;

namespace {

constexpr std::size_t steps = 50, count = 8;

const recorded::values& paths() {
  static const recorded::values all("optim_paths");
  return all;
}

// The parameters after every step, [step][parameter], with arithmetic and state in T.
template <class T, class Rule, class... Terms>
std::vector<T> walk(const Rule& rule, const Terms&... terms) {
  constexpr std::size_t slots = Rule::slots;
  const auto& curvature = paths()["curvature"];
  const auto& centre = paths()["centre"];
  const auto& push = paths()["push"];
  const auto initial = ts::detail::initial_state(rule);
  std::array<std::vector<T>, slots + 2> in;  // gradient, parameter, slots
  in[0].resize(count);
  in[1].assign(paths()["initial"].begin(), paths()["initial"].end());
  for (std::size_t s = 0; s < slots; ++s) in[s + 2].assign(count, T{initial[s]});

  std::vector<T> path;
  for (std::size_t t = 0; t < steps; ++t) {
    double squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double w{in[1][i]};
      const double g = double{curvature[i]} * (w - double{centre[i]}) + double{push[t * count + i]};
      in[0][i] = static_cast<T>(g);
      const double whole = ts::reference::evaluate(
          ts::penalized_gradient<ts::parameter_kind::weight>(terms...), std::array{g, w});
      squares += whole * whole;
    }
    const float scale = ts::gradient_scale(std::sqrt(squares), terms...);
    const auto update =
        ts::parameter_update<ts::parameter_kind::weight>(rule, t + 1, scale, terms...);
    if constexpr (std::is_same_v<T, float>) {
      [&]<std::size_t... S>(std::index_sequence<S...>) {
        ts::static_isa::evaluate(update, {in[S].data()..., in[slots + 1].data()},
                                 {in[S + 1].data()...}, count);
      }
      (std::make_index_sequence<slots + 1>{});
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        std::array<double, slots + 2> at;
        for (std::size_t k = 0; k < at.size(); ++k) at[k] = in[k][i];
        const auto out = ts::reference::evaluate(update, at);
        for (std::size_t k = 0; k < out.size(); ++k) in[k + 1][i] = out[k];
      }
    }
    path.insert(path.end(), in[1].begin(), in[1].end());
  }
  return path;
}

template <class T>
double largest_distance(const std::vector<T>& ours, const std::vector<float>& theirs) {
  BOOST_TEST_REQUIRE(ours.size() == theirs.size());
  double largest = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double distance = std::abs(double{ours[i]} - double{theirs[i]});
    if (!(distance <= largest)) largest = distance;  // NaN stays
  }
  return largest;
}

// Within four times what PyTorch's float32 run is off.
template <class Rule, class... Terms>
void check(const std::string& name, const Rule& rule, const Terms&... terms) {
  const auto& theirs = paths()["path/" + name];
  const double tolerance = 4 * double{paths().float32_error("path/" + name)};
  const double in_float = largest_distance(walk<float>(rule, terms...), theirs);
  BOOST_TEST(in_float <= tolerance, name << " in float: off by " << in_float);
  const double in_double = largest_distance(walk<double>(rule, terms...), theirs);
  BOOST_TEST(in_double <= tolerance, name << " in double: off by " << in_double);
}

constexpr float rate = 0.05f;

}  // namespace

BOOST_AUTO_TEST_SUITE(recorded_paths)

BOOST_AUTO_TEST_CASE(sgd_is_pytorchs) {
  check("sgd", ts::sgd{rate});
  check("sgd_momentum", ts::sgd{.learning_rate = rate, .momentum = 0.9f});
  check("sgd_momentum_decay",
        ts::sgd{.learning_rate = rate, .momentum = 0.9f, .weight_decay = 0.1f});
  check("sgd_dampening",
        ts::sgd{.learning_rate = rate, .momentum = 0.9f, .weight_decay = 0.1f, .dampening = 0.5f});
  check("sgd_nesterov",
        ts::sgd{.learning_rate = rate, .momentum = 0.9f, .weight_decay = 0.1f, .nesterov = true});
  // Without momentum there is nothing to dampen.
  check("sgd", ts::sgd{.learning_rate = rate, .dampening = 0.5f});
}

BOOST_AUTO_TEST_CASE(adagrad_is_pytorchs) {
  check("adagrad", ts::adagrad{.learning_rate = 0.3f});
  check("adagrad_all", ts::adagrad{.learning_rate = 0.3f,
                                   .learning_rate_decay = 0.02f,
                                   .weight_decay = 0.1f,
                                   .initial_accumulator_value = 0.5f,
                                   .epsilon = 1e-3f});
}

BOOST_AUTO_TEST_CASE(rmsprop_is_pytorchs) {
  check("rmsprop", ts::rmsprop{rate});
  check("rmsprop_all", ts::rmsprop{rate, 0.9f, 1e-3f, 0.6f, 0.1f});
  check("rmsprop_centered", ts::centered_rmsprop{rate, 0.9f, 1e-2f});
  check("rmsprop_centered_all", ts::centered_rmsprop{rate, 0.9f, 1e-2f, 0.6f, 0.1f});
}

BOOST_AUTO_TEST_CASE(adam_and_its_relatives_are_pytorchs) {
  check("adam", ts::adam{rate});
  check("adam_all", ts::adam{rate, 0.8f, 0.95f, 1e-3f, 0.1f});
  check("amsgrad", ts::amsgrad{rate, 0.8f, 0.95f, 1e-8f, 0.1f});
  check("adamw", ts::adamw{rate});
  check("adamw_all", ts::adamw{rate, 0.8f, 0.95f, 1e-3f, 0.5f});
}

BOOST_AUTO_TEST_CASE(nadam_is_pytorchs) {
  check("nadam", ts::nadam{rate});
  check("nadam_all", ts::nadam{rate, 0.8f, 0.95f, 1e-3f, 0.1f, 0.02f});
  check("nadam_decoupled",
        ts::nadam{.learning_rate = rate, .weight_decay = 0.5f, .decoupled = true});
}

BOOST_AUTO_TEST_CASE(rprop_is_pytorchs) {
  check("rprop", ts::rprop{rate});
  check("rprop_all", ts::rprop{rate, 0.4f, 1.5f, 0.01f, 0.2f});
}

// lambda sum w^2, lambda/2 |w|^2, alpha/2 w^T w; the last two are PyTorch's weight_decay.
BOOST_AUTO_TEST_CASE(l2_in_each_of_its_conventions_is_the_gradient_of_that_penalty) {
  check("l2", ts::sgd{rate}, ts::penalty::l2{0.1f});
  check("half_l2", ts::sgd{rate}, ts::penalty::half_l2{0.1f});
  check("half_l2", ts::sgd{rate}, ts::penalty::weight_decay{0.1f});
  check("weight_decay", ts::sgd{rate}, ts::penalty::half_l2{0.1f});
  check("weight_decay", ts::sgd{rate}, ts::penalty::weight_decay{0.1f});
  check("weight_decay", ts::sgd{.learning_rate = rate, .weight_decay = 0.1f});
  check("l2", ts::sgd{rate}, ts::penalty::half_l2{0.2f});
  check("l2", ts::sgd{rate}, ts::penalty::lq{.lambda = 0.2f, .q = 2});
  check("adam_l2", ts::adam{rate}, ts::penalty::l2{0.1f});
}

BOOST_AUTO_TEST_CASE(other_penalties_are_the_gradients_that_pytorch_derives) {
  check("l1", ts::sgd{rate}, ts::penalty::l1{0.1f});
  check("l1", ts::sgd{rate}, ts::penalty::lq{.lambda = 0.2f, .q = 1});
  check("elastic_net", ts::sgd{rate}, ts::penalty::elastic_net{.l1 = 0.1f, .l2 = 0.3f});
  check("elastic_net", ts::sgd{rate}, ts::penalty::l1{0.1f}, ts::penalty::l2{0.3f});
  check("lq", ts::sgd{rate}, ts::penalty::lq{.lambda = 0.1f, .q = 1.5f});
}

// Decoupled decay beside Adam is AdamW; beside descent without momentum it is weight_decay.
BOOST_AUTO_TEST_CASE(decoupled_decay_is_adamws) {
  check("adamw_all", ts::adam{rate, 0.8f, 0.95f, 1e-3f}, ts::penalty::decoupled_weight_decay{0.5f});
  check("weight_decay", ts::sgd{rate}, ts::penalty::decoupled_weight_decay{0.1f});
}

BOOST_AUTO_TEST_CASE(clipping_is_pytorchs) {
  const ts::sgd momentum{.learning_rate = rate, .momentum = 0.9f};
  check("clip_value", momentum, ts::clip_value{0.7f});
  check("clip_norm", momentum, ts::clip_norm{0.7f});
  // Penalties belong to what is clipped, whatever the order they are named in.
  check("clip_norm_l2", ts::adam{rate}, ts::penalty::l2{0.1f}, ts::clip_norm{0.7f});
  check("clip_norm_l2", ts::adam{rate}, ts::clip_norm{0.7f}, ts::penalty::l2{0.1f});
  // A limit that is never reached.
  check("sgd_momentum", momentum, ts::clip_norm{1e6f}, ts::clip_value{1e6f});
}

// The tolerance is that of rounding: a change of a setting in its third digit is seen.
BOOST_AUTO_TEST_CASE(a_setting_that_is_a_little_off_is_noticed) {
  const double tolerance = 4 * double{paths().float32_error("path/nadam_all")};
  const auto off = walk<float>(ts::nadam{rate, 0.8f, 0.95f, 1e-3f, 0.1f, 0.0201f});
  BOOST_TEST(largest_distance(off, paths()["path/nadam_all"]) > 2 * tolerance);
}

BOOST_AUTO_TEST_SUITE_END()
