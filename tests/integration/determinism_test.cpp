// SPDX-License-Identifier: MIT
// A seed means the same bytes, whatever the number of threads; and a batch is the sum of its
// samples.
#include "compare.hpp"
#include "networks.hpp"
#include "samples.hpp"

#include "tesela/tesela.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

struct run {
  std::size_t threads = 1, batch = 64, epochs = 2;
  std::uint64_t weights = 1, order = 1;  // seeds
};

template <class Net>
ts::data::dataset noise_for(Net, std::size_t count) {
  return samples::noise({Net::input[0], Net::input[1], Net::input[2]}, Net::output.size, count);
}

// The bytes of a model's parameters after training, and the losses on the way.
template <class Net, class Optimizer>
std::vector<float> trained(Net net, const ts::data::dataset& samples, Optimizer optimizer,
                           const run& how) {
  ts::model model{net, ts::init::he_normal, ts::seed{how.weights}};
  ts::trainer trainer{model, ts::cross_entropy, optimizer};
  const ts::history past = trainer.fit(samples, {.epochs = how.epochs,
                                                 .batch = how.batch,
                                                 .seed = ts::seed{how.order},
                                                 .threads = how.threads});
  std::vector<float> result(model.parameters().begin(), model.parameters().end());
  for (const ts::epoch_report& epoch : past) {
    result.push_back(static_cast<float>(epoch.train.loss));
    result.push_back(static_cast<float>(epoch.train.accuracy));
  }
  result.push_back(static_cast<float>(trainer.evaluate(samples).loss));
  return result;
}

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class Net>
void check_threads(Net net, std::size_t count, std::initializer_list<std::size_t> batches) {
  const ts::data::dataset samples = noise_for(net, count);
  for (const std::size_t batch : batches) {
    const auto alone = trained(net, samples, ts::adam{}, {.threads = 1, .batch = batch});
    for (const std::size_t threads : {2u, 3u, 7u}) {
      BOOST_TEST(same_bytes(alone, trained(net, samples, ts::adam{},
                                           {.threads = threads, .batch = batch})),
                 threads << " threads, batch " << batch);
    }
    // The weights have moved, and the comparison notices it.
    BOOST_TEST(!same_bytes(
        alone, trained(net, samples, ts::adam{}, {.threads = 1, .batch = batch, .epochs = 1})));
  }
}

template <class Net>
std::vector<ts::named_tensor> gradient_of(Net net, const ts::data::dataset& samples,
                                          std::span<const std::uint32_t> indices) {
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  trainer.differentiate(samples.source(), indices);
  return trainer.gradients();
}

template <class Net>
void check_sum_of_parts(Net net) {
  const ts::data::dataset samples = noise_for(net, 70);
  const auto all = samples.indices();
  const auto whole = gradient_of(net, samples, all);
  for (const std::size_t cut : {1u, 32u, 37u, 64u}) {
    auto sum = gradient_of(net, samples, all.first(cut));
    const auto rest = gradient_of(net, samples, all.subspan(cut));
    for (std::size_t t = 0; t < sum.size(); ++t) {
      for (std::size_t i = 0; i < sum[t].values.size(); ++i) {
        const auto a = static_cast<double>(cut) * static_cast<double>(sum[t].values[i]);
        const auto b = static_cast<double>(70 - cut) * static_cast<double>(rest[t].values[i]);
        sum[t].values[i] = static_cast<float>((a + b) / 70);
      }
    }
    // Gradients of this size have rounding errors of some 1e-8; an error of one sample is 1e-3.
    check_close("cut at " + std::to_string(cut), whole, sum, 2e-7);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(determinism)

BOOST_AUTO_TEST_CASE(a_cnn_has_the_same_bytes_for_any_number_of_threads) {
  check_threads(networks::small_cnn, 151, {64, 70, 5});
}

BOOST_AUTO_TEST_CASE(an_mlp_has_the_same_bytes_for_any_number_of_threads) {
  check_threads(networks::small_mlp, 151, {64, 70, 5});
}

BOOST_AUTO_TEST_CASE(the_simple_cnn_of_the_lectures_has_the_same_bytes_for_any_number_of_threads) {
  check_threads(networks::m07, 134, {64, 70});
}

// Gradients of one large layer are cut into shares of columns.
BOOST_AUTO_TEST_CASE(the_mlp_of_the_lectures_has_the_same_bytes_for_any_number_of_threads) {
  check_threads(networks::m01, 134, {64, 70});
}

BOOST_AUTO_TEST_CASE(a_seed_means_the_same_bytes_and_another_seed_others) {
  const ts::data::dataset samples = noise_for(networks::small_cnn, 100);
  const auto train = [&](const run& how) {
    return trained(networks::small_cnn, samples, ts::sgd{.momentum = 0.9f}, how);
  };
  const auto first = train({.batch = 16});
  BOOST_TEST(same_bytes(first, train({.batch = 16})));
  BOOST_TEST(!same_bytes(first, train({.batch = 16, .weights = 2})));
  BOOST_TEST(!same_bytes(first, train({.batch = 16, .order = 2})));
}

// The seed of the initial weights, alone.
BOOST_AUTO_TEST_CASE(initial_weights_depend_on_their_seed_alone) {
  const ts::model a{networks::small_cnn, ts::init::he_normal, ts::seed{5}};
  const ts::model b{networks::small_cnn, ts::init::he_normal, ts::seed{5}};
  const ts::model c{networks::small_cnn, ts::init::he_normal, ts::seed{6}};
  BOOST_TEST(largest_difference(a.state_dict(), b.state_dict()) == 0);
  BOOST_TEST(largest_difference(a.state_dict(), c.state_dict()) > 0.1);
}

BOOST_AUTO_TEST_CASE(the_gradient_of_a_cnns_batch_is_the_mean_over_its_parts) {
  check_sum_of_parts(networks::small_cnn);
}

BOOST_AUTO_TEST_CASE(the_gradient_of_an_mlps_batch_is_the_mean_over_its_parts) {
  check_sum_of_parts(networks::small_mlp);
}

// What a larger batch left in the workspace does not matter, nor do the lanes without a sample.
BOOST_AUTO_TEST_CASE(a_short_batch_behind_a_long_one_is_as_good_as_alone) {
  const ts::data::dataset samples = noise_for(networks::small_cnn, 75);
  const auto all = samples.indices();
  ts::model model{networks::small_cnn, ts::init::he_normal, ts::seed{3}};
  ts::trainer used{model, ts::cross_entropy, ts::sgd{}};
  used.differentiate(samples.source(), all.first(70));
  const ts::loss_sum behind = used.differentiate(samples.source(), all.last(5));
  ts::trainer fresh{model, ts::cross_entropy, ts::sgd{}};
  const ts::loss_sum alone = fresh.differentiate(samples.source(), all.last(5));
  BOOST_TEST(behind.loss == alone.loss);
  BOOST_TEST(behind.correct == alone.correct);
  BOOST_TEST(largest_difference(used.gradients(), fresh.gradients()) == 0);
  // The sum is over the five samples: one by one it is the same, and their mean is the gradient.
  double one_by_one = 0;
  for (std::size_t i = 70; i < 75; ++i) {
    one_by_one += fresh.differentiate(samples.source(), all.subspan(i, 1)).loss;
  }
  BOOST_TEST(alone.loss == one_by_one, boost::test_tools::tolerance(1e-6));
}

// The order within a batch does not matter beyond rounding, so a batch of everything is descent.
BOOST_AUTO_TEST_CASE(a_batch_of_the_whole_set_is_gradient_descent) {
  const ts::data::dataset samples = noise_for(networks::small_mlp, 50);
  const float rate = 0.1f;
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer by_hand{model, ts::cross_entropy, ts::sgd{}};
  for (int epoch = 0; epoch < 4; ++epoch) {
    by_hand.differentiate(samples.source(), samples.indices());
    std::vector<ts::named_tensor> weights = model.state_dict();
    const std::vector<ts::named_tensor> gradients = by_hand.gradients();
    for (std::size_t t = 0; t < weights.size(); ++t) {
      for (std::size_t i = 0; i < weights[t].values.size(); ++i) {
        weights[t].values[i] -= rate * gradients[t].values[i];
      }
    }
    model.load_state_dict(weights);
  }

  ts::model fitted{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{fitted, ts::cross_entropy, ts::sgd{.learning_rate = rate}};
  trainer.fit(samples, {.epochs = 4, .batch = 50});
  BOOST_TEST(trainer.steps() == 4u);
  check_close("after four epochs", fitted.state_dict(), model.state_dict(), 5e-7);

  // A batch beyond the set is the set.
  const run whole{.batch = 50, .epochs = 4}, beyond{.batch = 1000, .epochs = 4};
  BOOST_TEST(same_bytes(trained(networks::small_mlp, samples, ts::sgd{}, whole),
                        trained(networks::small_mlp, samples, ts::sgd{}, beyond)));
}

// One sample at a time or a thousand: inference does not see its neighbours.
BOOST_AUTO_TEST_CASE(results_of_a_sample_do_not_depend_on_the_batch_it_is_in) {
  const ts::model model{networks::small_cnn, ts::init::he_normal, ts::seed{4}};
  constexpr std::size_t inputs = decltype(model)::inputs, outputs = decltype(model)::outputs;
  samples::numbers random(9);
  std::vector<float> images(70 * inputs);
  for (float& value : images) value = random.real();
  ts::workspace many{networks::small_cnn, 70}, one{networks::small_cnn, 1};
  const auto all = model.forward(images, many);
  for (std::size_t i = 0; i < 70; ++i) {
    const auto alone = model.forward(std::span(images).subspan(i * inputs, inputs), one);
    check_close("sample " + std::to_string(i), all.subspan(i * outputs, outputs), alone, 1e-6);
  }
}

BOOST_AUTO_TEST_SUITE_END()
